using Antlr4.Runtime;
using Antlr4.Runtime.Misc;

namespace Lakeflow.Compiler.Syntax;

/// <summary>Stops at the first mistake, and remembers what the parser could have taken at the last place that it reached.</summary>
/// <remarks>The mistake itself knows only what the last rule wanted. Optional parts that were passed over at the same token could have stood there too.</remarks>
internal sealed class WantedTokens : BailErrorStrategy
{
    private int at = -1;

    private IntervalSet tokens = new();

    /// <summary>What could stand at the token with this index; empty where nothing is known.</summary>
    public IntervalSet At(int index) => index == at ? tokens : new IntervalSet();

    public override void Sync(Antlr4.Runtime.Parser recognizer)
    {
        var index = recognizer.InputStream.Index;
        if (index < at) return;
        if (index > at) (at, tokens) = (index, new IntervalSet());
        tokens.AddAll(recognizer.Atn.NextTokens(recognizer.Atn.states[recognizer.State]));
        tokens.Remove(TokenConstants.EPSILON);
    }
}
