using Antlr4.Runtime;
using Antlr4.Runtime.Atn;
using Antlr4.Runtime.Misc;
using Lakeflow.Compiler.Diagnostics;
using Lakeflow.Compiler.Syntax.Generated;
using Lakeflow.Runtime.Diagnostics;

namespace Lakeflow.Compiler.Syntax;

/// <summary>Runs the generated parser over one statement.</summary>
internal static class StatementParser
{
    /// <summary>From this nesting on, a statement is parsed on a stack of its own, large enough for <see cref="TokenList.MostNesting"/>.</summary>
    private const int NestingOfOrdinaryStack = 40;

    private const int LongStatement = 20_000;

    /// <summary>Parses with the rule <paramref name="door"/> and builds its records; null, with one diagnostic, where the text does not fit.</summary>
    public static TResult? Parse<TContext, TResult>(
        TokenList tokens, DiagnosticBag bag, Func<LakeflowParser, TContext> door, Func<AstBuilder, TContext, TResult> build)
        where TContext : ParserRuleContext
        where TResult : class
    {
        if (!tokens.Check(bag)) return null;
        if (tokens.Nesting <= NestingOfOrdinaryStack && tokens.Count <= LongStatement) return Run(tokens, bag, door, build);

        TResult? result = null;
        System.Runtime.ExceptionServices.ExceptionDispatchInfo? fault = null;
        var thread = new Thread(
            () =>
            {
                try
                {
                    result = Run(tokens, bag, door, build);
                }
                catch (Exception thrown)
                {
                    fault = System.Runtime.ExceptionServices.ExceptionDispatchInfo.Capture(thrown);
                }
            },
            DeepWork.StackSize);
        thread.Start();
        thread.Join();
        fault?.Throw();
        return result;
    }

    private static TResult? Run<TContext, TResult>(
        TokenList tokens, DiagnosticBag bag, Func<LakeflowParser, TContext> door, Func<AstBuilder, TContext, TResult> build)
        where TContext : ParserRuleContext
        where TResult : class
    {
        var parser = new LakeflowParser(new CommonTokenStream(new ListTokenSource([.. tokens.Tokens])));
        parser.RemoveErrorListeners();
        var wanted = new WantedTokens();
        try
        {
            return build(new AstBuilder(tokens.Text, bag), Tree(parser, door, wanted));
        }
        catch (ParseCanceledException stopped) when (stopped.InnerException is RecognitionException reason)
        {
            bag.Add(UnexpectedToken.Explain(tokens, reason, wanted));
            return null;
        }
        catch (AstBuilder.TooDeep deep)
        {
            bag.Add(SyntaxErrors.TooDeep(deep.At, TokenList.MostNesting));
            return null;
        }
    }

    /// <summary>SLL prediction is right for nearly all text and much faster; where it fails, LL has the last word.</summary>
    private static TContext Tree<TContext>(LakeflowParser parser, Func<LakeflowParser, TContext> door, WantedTokens wanted)
    {
        parser.ErrorHandler = new BailErrorStrategy();
        parser.Interpreter.PredictionMode = PredictionMode.SLL;
        try
        {
            return door(parser);
        }
        catch (ParseCanceledException)
        {
            parser.Reset();
            parser.ErrorHandler = wanted;
            parser.Interpreter.PredictionMode = PredictionMode.LL;
            return door(parser);
        }
    }
}
