namespace Lakeflow.Runtime.Streams;

/// <summary>A stream's column that tells when its rows happened: the watermark is the greatest time seen, less the delay.</summary>
/// <param name="Column">Its name, for people.</param>
/// <param name="Delay">Microseconds.</param>
public sealed record WatermarkInfo(string Column, long Delay);
