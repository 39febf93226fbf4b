namespace Lakeflow.Runtime.Kernels;

/// <summary>English names in dates; Spark's default locale.</summary>
internal static class Names
{
    public static readonly string[] Months =
    [
        "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December",
    ];

    public static readonly string[] Days = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];

    /// <summary>1 = Monday … 7 = Sunday from a name or its first two or three letters; 0 if it is none.</summary>
    public static int DayOfWeek(string text)
    {
        for (var i = 0; i < Days.Length; i++)
        {
            if (Days[i].Equals(text, StringComparison.OrdinalIgnoreCase)
                || (text.Length is 2 or 3 && Days[i].StartsWith(text, StringComparison.OrdinalIgnoreCase))) return i + 1;
        }

        return 0;
    }
}
