using System.Security.Cryptography;
using System.Text;

namespace Lakeflow.Runtime.Flows;

/// <summary>Short names for long texts: the same text, the same name, on every machine.</summary>
internal static class Fingerprint
{
    /// <summary>64 bits of SHA-256 as 16 hex digits.</summary>
    public static string Short(string text) => Of(text)[..16];

    /// <summary>SHA-256 as hex.</summary>
    public static string Of(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
