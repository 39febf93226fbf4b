using System.Buffers;
using System.Buffers.Binary;
using System.Diagnostics;
using System.Text;
using Lakeflow.Runtime.Breakers;

namespace Lakeflow.Runtime.Kernels;

/// <summary>Nested values as keys: bytes that two values share exactly if they are equal (NULL equals NULL inside, −0.0 equals 0.0, NaN equals NaN).</summary>
public static class NestedKeyKernels
{
    private const byte Null = 0;
    private const byte Value = 1;

    /// <summary>The bytes of an ARRAY or STRUCT in the form of <see cref="Arrow.ArrowArray.GetValue"/>; all values of one column have one shape.</summary>
    public static Utf8 Bytes(object? value, scoped ref TextArena scratch)
    {
        var bytes = new ArrayBufferWriter<byte>();
        Write(bytes, value);
        return scratch.Copy(bytes.WrittenSpan);
    }

    private static void Write(ArrayBufferWriter<byte> to, object? value)
    {
        to.Write([value is null ? Null : Value]);
        switch (value)
        {
            case null:
                return;
            case object?[] items:
                Length(to, items.Length);
                foreach (var item in items) Write(to, item);
                return;
            case string text:
                Length(to, Encoding.UTF8.GetByteCount(text));
                Encoding.UTF8.GetBytes(text, to);
                return;
            case byte[] bytes:
                Length(to, bytes.Length);
                to.Write(bytes);
                return;
            case double number:
                Number(to, BitConverter.DoubleToInt64Bits(KeyHash.Canonical(number)));
                return;
            case float number:
                Number(to, BitConverter.SingleToInt32Bits(KeyHash.Canonical(number)));
                return;
            case bool flag:
                Number(to, flag ? 1 : 0);
                return;
            case sbyte number:
                Number(to, number);
                return;
            case short number:
                Number(to, number);
                return;
            case int number:
                Number(to, number);
                return;
            case long number:
                Number(to, number);
                return;
            case Int128 number:
                Number(to, number);
                return;
            default:
                throw new UnreachableException(value.GetType().Name);
        }
    }

    private static void Length(ArrayBufferWriter<byte> to, int length)
    {
        BinaryPrimitives.WriteInt32LittleEndian(to.GetSpan(sizeof(int)), length);
        to.Advance(sizeof(int));
    }

    private static void Number(ArrayBufferWriter<byte> to, Int128 number)
    {
        BinaryPrimitives.WriteInt128LittleEndian(to.GetSpan(16), number);
        to.Advance(16);
    }
}
