using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Lakeflow.Connect.Files;

/// <summary>Writes the rescued column's text: a JSON object of the fields that did not fit, and <c>_file_path</c>.</summary>
internal sealed class RescuedData(FileEntry file)
{
    private readonly ArrayBufferWriter<byte> buffer = new(256);
    private readonly byte[] path = Encoding.UTF8.GetBytes(file.VisiblePath);
    private Utf8JsonWriter? writer;

    /// <summary>Adds a field whose value is text.</summary>
    public void AddText(string name, ReadOnlySpan<byte> value)
    {
        Begin().WritePropertyName(name);
        if (System.Text.Unicode.Utf8.IsValid(value)) writer!.WriteStringValue(value);
        else writer!.WriteStringValue(Encoding.UTF8.GetString(value));
    }

    /// <summary>Adds a field whose value is JSON already; where that is JSON only by leniency it becomes text.</summary>
    public void AddJson(string name, ReadOnlySpan<byte> json)
    {
        Begin().WritePropertyName(name);
        if (IsStrict(json)) writer!.WriteRawValue(json, skipInputValidation: true);
        else writer!.WriteStringValue(Encoding.UTF8.GetString(json));
    }

    /// <summary>Appends the object to a column, or NULL if nothing was added; room must be reserved.</summary>
    /// <returns>True if there was something.</returns>
    public bool Flush(TextSink target)
    {
        if (writer is null || buffer.WrittenCount + writer.BytesPending == 0)
        {
            target.AppendNull();
            return false;
        }

        writer.WriteString("_file_path"u8, path);
        writer.WriteEndObject();
        writer.Flush();
        target.Append(buffer.WrittenSpan);
        buffer.ResetWrittenCount();
        writer.Reset();
        return true;
    }

    private Utf8JsonWriter Begin()
    {
        writer ??= new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true });
        if (buffer.WrittenCount + writer.BytesPending == 0) writer.WriteStartObject();
        return writer;
    }

    private static bool IsStrict(ReadOnlySpan<byte> json)
    {
        try
        {
            var reader = new Utf8JsonReader(json);
            while (reader.Read())
            {
                // Reading to the end is the test.
            }

            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
