using System.Collections.Immutable;
using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;
using System.Text.RegularExpressions;
using Lakeflow.Arrow;
using Lakeflow.Compiler.Catalog;
using Lakeflow.Compiler.Functions;

namespace Lakeflow.Pipelines;

/// <summary>Finds <c>[SqlFunction]</c> methods in the metadata of assemblies. Nothing of them is loaded or run, and no file stays open.</summary>
public static partial class ReferencedFunctions
{
    private const string Marker = "Lakeflow.Runtime.Functions.SqlFunctionAttribute";
    private const string NullableMark = "System.Runtime.CompilerServices.NullableAttribute";
    private const string NullableContext = "System.Runtime.CompilerServices.NullableContextAttribute";

    /// <summary>What the compiler writes for a type that takes no null, <c>string</c>; 2 is <c>string?</c>, 0 a file without annotations.</summary>
    private const byte NeverNull = 1;

    /// <param name="assemblies">Paths of files, some of which may hold no code of .NET.</param>
    public static FunctionCatalog Read(IEnumerable<string> assemblies) => new([.. assemblies.Where(File.Exists).SelectMany(a => Find(a))]);

    private static ImmutableArray<MarkedMethod> Find(string assembly)
    {
        using var file = new PEReader(File.OpenRead(assembly));
        if (!file.HasMetadata) return [];
        var metadata = file.GetMetadataReader();
        // Most assemblies have never heard of us, and are left at that.
        if (!metadata.TypeReferences.Any(t => NameOf(metadata, t) == Marker)) return [];
        return [.. metadata.TypeDefinitions.SelectMany(t => metadata.GetTypeDefinition(t).GetMethods()).Select(m => Marked(metadata, m)).OfType<MarkedMethod>()];
    }

    private static MarkedMethod? Marked(MetadataReader metadata, MethodDefinitionHandle handle)
    {
        var method = metadata.GetMethodDefinition(handle);
        if (Find(metadata, method.GetCustomAttributes(), Marker) is not { } mark) return null;
        var type = NameOf(metadata, method.GetDeclaringType());
        var name = metadata.GetString(method.Name);
        var given = mark.FixedArguments is [{ Value: string { Length: > 0 } written }] ? written : name;
        var found = new MarkedMethod(given, $"{type}.{name}")
        {
            IsDeterministic = mark.NamedArguments.FirstOrDefault(a => a.Name == "IsDeterministic").Value is not false,
        };

        if (!char.IsLetter(given[0]) || !given.All(c => char.IsLetterOrDigit(c) || c == '_'))
            return found with { Problem = $"'{given}' is no name of a function", Remedy = "Write letters, digits and underscores." };
        if (Unreachable(metadata, method) is { } reason) return found with { Problem = reason, Remedy = "Make it public static, in public types, and not generic." };
        var signature = method.DecodeSignature(MethodTypeNames.Instance, null);
        var values = new List<MethodValue>();
        for (var i = -1; i < signature.ParameterTypes.Length; i++)
        {
            var parameter = ParameterAt(metadata, method, i + 1);
            var called = i < 0 ? "" : parameter is { } p ? metadata.GetString(p.Name) : $"p{i + 1}";
            if (ValueOf(metadata, method, called, i < 0 ? signature.ReturnType : signature.ParameterTypes[i], parameter) is not { } value)
            {
                return found with
                {
                    Problem = i < 0 ? $"it returns {signature.ReturnType}" : $"its parameter '{called}' is {signature.ParameterTypes[i]}",
                    Remedy = $"Types that SQL has too: {string.Join(", ", MethodType.All.Where(t => !t.IsRefStruct).Select(t => t.Name))}.",
                };
            }

            values.Add(value);
        }

        var result = values[0].Type.Sql;
        if (mark.NamedArguments.FirstOrDefault(a => a.Name == "Returns").Value is string returns)
        {
            if (result is not DecimalType || DecimalOf(returns) is not { } narrower)
                return found with { Problem = $"its Returns is '{returns}'", Remedy = "Returns says which DECIMAL(p, s) a decimal is; leave it out for every other type." };
            result = narrower;
        }

        return found with { Signature = new UserMethod(type, name, [.. values.Skip(1)], values[0], result) };
    }

    /// <summary>Why generated code could not call the method; null if it can.</summary>
    private static string? Unreachable(MetadataReader metadata, MethodDefinition method)
    {
        if ((method.Attributes & MethodAttributes.MemberAccessMask) != MethodAttributes.Public) return "it is not public";
        if ((method.Attributes & MethodAttributes.Static) == 0) return "it is not static";
        if (method.GetGenericParameters().Count > 0) return "it is generic";
        for (var at = method.GetDeclaringType(); !at.IsNil; at = metadata.GetTypeDefinition(at).GetDeclaringType())
        {
            var type = metadata.GetTypeDefinition(at);
            if ((type.Attributes & TypeAttributes.VisibilityMask) is not (TypeAttributes.Public or TypeAttributes.NestedPublic)) return $"its type {NameOf(metadata, at)} is not public";
            if (type.GetGenericParameters().Count > 0) return $"its type {NameOf(metadata, at)} is generic";
        }

        return null;
    }

    private static MethodValue? ValueOf(MetadataReader metadata, MethodDefinition method, string name, string type, Parameter? parameter)
    {
        var isNullable = type.EndsWith('?');
        if (MethodType.All.FirstOrDefault(t => t.Name == (isNullable ? type[..^1] : type)) is not { } known || (isNullable && known.IsRefStruct)) return null;
        if (!known.IsReference) return new MethodValue(name, known, isNullable);
        var annotation = Annotation(metadata, method, parameter);
        // Without annotations nothing is promised: no null is passed, and one may come back.
        return new MethodValue(name, known, name.Length == 0 ? annotation != NeverNull : annotation > NeverNull);
    }

    private static byte Annotation(MetadataReader metadata, MethodDefinition method, Parameter? parameter)
    {
        if (parameter is { } p && Find(metadata, p.GetCustomAttributes(), NullableMark) is { } own)
        {
            return own.FixedArguments[0].Value switch
            {
                byte one => one,
                ImmutableArray<CustomAttributeTypedArgument<string>> many => (byte)many[0].Value!,
                _ => 0,
            };
        }

        if (Find(metadata, method.GetCustomAttributes(), NullableContext) is { } ofMethod) return (byte)ofMethod.FixedArguments[0].Value!;
        for (var at = method.GetDeclaringType(); !at.IsNil; at = metadata.GetTypeDefinition(at).GetDeclaringType())
        {
            if (Find(metadata, metadata.GetTypeDefinition(at).GetCustomAttributes(), NullableContext) is { } ofType) return (byte)ofType.FixedArguments[0].Value!;
        }

        return 0;
    }

    /// <param name="sequence">0 for the result.</param>
    private static Parameter? ParameterAt(MetadataReader metadata, MethodDefinition method, int sequence)
    {
        foreach (var handle in method.GetParameters())
        {
            var parameter = metadata.GetParameter(handle);
            if (parameter.SequenceNumber == sequence) return parameter;
        }

        return null;
    }

    private static CustomAttributeValue<string>? Find(MetadataReader metadata, CustomAttributeHandleCollection attributes, string name)
    {
        foreach (var handle in attributes)
        {
            var attribute = metadata.GetCustomAttribute(handle);
            var type = attribute.Constructor.Kind == HandleKind.MemberReference
                ? metadata.GetMemberReference((MemberReferenceHandle)attribute.Constructor).Parent
                : metadata.GetMethodDefinition((MethodDefinitionHandle)attribute.Constructor).GetDeclaringType();
            var found = type.Kind switch
            {
                HandleKind.TypeReference => NameOf(metadata, (TypeReferenceHandle)type),
                HandleKind.TypeDefinition => NameOf(metadata, (TypeDefinitionHandle)type),
                _ => "",
            };
            if (found == name) return attribute.DecodeValue(MethodTypeNames.Instance);
        }

        return null;
    }

    internal static string NameOf(MetadataReader metadata, TypeReferenceHandle handle)
    {
        var type = metadata.GetTypeReference(handle);
        var name = metadata.GetString(type.Name);
        if (type.ResolutionScope.Kind == HandleKind.TypeReference) return $"{NameOf(metadata, (TypeReferenceHandle)type.ResolutionScope)}.{name}";
        return type.Namespace.IsNil ? name : $"{metadata.GetString(type.Namespace)}.{name}";
    }

    internal static string NameOf(MetadataReader metadata, TypeDefinitionHandle handle)
    {
        var type = metadata.GetTypeDefinition(handle);
        var name = metadata.GetString(type.Name);
        if (type.GetDeclaringType() is { IsNil: false } outer) return $"{NameOf(metadata, outer)}.{name}";
        return type.Namespace.IsNil ? name : $"{metadata.GetString(type.Namespace)}.{name}";
    }

    private static DecimalType? DecimalOf(string text)
    {
        var match = DecimalText.Match(text);
        if (!match.Success) return null;
        var (precision, scale) = (int.Parse(match.Groups["p"].ValueSpan, null), match.Groups["s"].Success ? int.Parse(match.Groups["s"].ValueSpan, null) : 0);
        return precision is >= 1 and <= 38 && scale <= precision ? new DecimalType(precision, scale) : null;
    }

    [GeneratedRegex(@"^\s*DECIMAL\s*\(\s*(?<p>\d{1,3})\s*(,\s*(?<s>\d{1,3})\s*)?\)\s*$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex DecimalText { get; }
}
