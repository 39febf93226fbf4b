// The statements and queries of Lakeflow SQL. Regenerate with regenerate.sh (or regenerate.js) after every change.
//
// The grammar takes a little more than the language: AstBuilder says in words what is too much, which reads better than what a
// parser can say. One statement is parsed at a time; SET and statements that are no pipeline matter (DROP, MERGE, ...) do not come here.
parser grammar LakeflowParser;

options { tokenVocab = LakeflowLexer; }

// ---- doors -------------------------------------------------------------------------------------------------------------

singleStatement  : statement EOF;
singleInsert     : ctes statement EOF;
singleQuery      : query EOF;
singleExpression : selectItem EOF;
singleDataType   : dataType EOF;
singleSchema     : schemaField ( COMMA schemaField )* EOF;

// ---- statements --------------------------------------------------------------------------------------------------------

statement
    : query                                                                                             # queryStatement
    | createDataset                                                                                     # createStatement
    | CREATE FLOW flowName = name commentClause? AS flowBody                                            # createFlow
    | CREATE ( OR REFRESH )? SINK ( IF NOT EXISTS )? name sinkClause*                                   # createSink
    | CREATE ( OR REPLACE )? ( TEMPORARY | TEMP )? FUNCTION ( IF NOT EXISTS )? name
        LPAREN ( functionParameter ( COMMA functionParameter )* )? RPAREN functionReturns? functionTrait*
        ( RETURN | AS ) ( query | expression )                                                          # createFunction
    | APPLY CHANGES ONCE? INTO target = name cdcSpec                                                    # applyChanges
    | USE ( CATALOG | NAMESPACE | DATABASE | SCHEMA )? name                                             # use
    | EXPLAIN identifier? statement                                                                     # explain
    | INSERT ( INTO | OVERWRITE ) TABLE? name partitionSpec? ( IF NOT EXISTS )? ( BY NAME | columnList )? query  # insert
    ;

createDataset
    : CREATE ( OR ( REFRESH | REPLACE ) )? datasetModifier* datasetKind ( IF NOT EXISTS )? name
      ( LPAREN tableElement ( COMMA tableElement )* RPAREN )?
      tableClause*
      ( flowClause | AS? query )?
    ;

datasetModifier : PRIVATE | TEMPORARY | TEMP | GLOBAL | EXTERNAL;

datasetKind
    : STREAMING TABLE
    | MATERIALIZED VIEW
    | VIEW
    | TABLE
    | ( STREAMING | INCREMENTAL )? LIVE ( TABLE | VIEW )
    | LIVE STREAMING? ( TABLE | VIEW )
    ;

flowBody
    : INSERT once += ONCE? INTO once += ONCE? target = name ( BY NAME )? replaceUsing? query            # insertBody
    | ( AUTO CDC | APPLY CHANGES ) ONCE? ( FROM SNAPSHOT )? INTO target = name cdcSpec                  # cdcBody
    ;

flowClause
    : FLOW INSERT ONCE? ( BY NAME )? query                                                              # insertFlow
    | FLOW ( AUTO CDC | APPLY CHANGES ) ONCE? cdcSpec                                                   # cdcFlow
    | FLOW REPLACE WHERE expression BY NAME query                                                       # replaceWhereFlow
    | FLOW replaceUsing ( BY NAME )? query                                                              # replaceUsingFlow
    ;

replaceUsing : REPLACE USING LPAREN name ( COMMA name )* RPAREN SEQUENCE BY valueExpression;

cdcSpec : FROM SNAPSHOT? relationPrimary cdcClause*;

cdcClause
    : KEYS LPAREN ( name ( COMMA name )* )? RPAREN                                                      # cdcKeys
    | IGNORE NULL UPDATES ( ON columnSelection )?                                                       # cdcIgnoreNull
    | APPLY AS DELETE WHEN expression                                                                   # cdcDelete
    | APPLY AS TRUNCATE WHEN expression                                                                 # cdcTruncate
    | SEQUENCE BY expression                                                                            # cdcSequence
    | SYSTEM SEQUENCE BY expression                                                                     # cdcSystemSequence
    | COLUMNS TO UPDATE name                                                                            # cdcColumnsToUpdate
    | COLUMNS columnSelection                                                                           # cdcColumns
    | STORED AS ( SCD TYPE INTEGER_VALUE | BITEMPORAL )                                                 # cdcStored
    | TRACK HISTORY ON columnSelection                                                                  # cdcTrackHistory
    | SNAPSHOT VERSION expression                                                                       # cdcSnapshotVersion
    ;

columnSelection
    : ASTERISK EXCEPT LPAREN ( name ( COMMA name )* )? RPAREN
    | LPAREN ( name ( COMMA name )* )? RPAREN
    | name ( COMMA name )*
    ;

sinkClause
    : USING identifier
    | commentClause
    | OPTIONS propertyList
    | TBLPROPERTIES propertyList
    ;

// ---- table elements and clauses ----------------------------------------------------------------------------------------

tableElement
    : CONSTRAINT identifier EXPECT LPAREN expression RPAREN
      ( ON VIOLATION ( DROP ROW | FAIL UPDATE ) )?                                                      # expectation
    | ( CONSTRAINT identifier )? PRIMARY KEY LPAREN keyColumn ( COMMA keyColumn )* RPAREN constraintTrait*  # primaryKey
    | ( CONSTRAINT identifier )? FOREIGN KEY identifierList REFERENCES name identifierList? constraintTrait*  # foreignKey
    | ( CONSTRAINT identifier )? CHECK LPAREN expression RPAREN constraintTrait*                        # checkConstraint
    | ( CONSTRAINT identifier )? UNIQUE identifierList constraintTrait*                                 # uniqueConstraint
    | columnDefinition                                                                                  # columnElement
    ;

keyColumn        : identifier softWord = WORD?;
constraintTrait  : WORD+ | NOT WORD;
columnDefinition : identifier dataType? columnProperty*;

columnProperty
    : NOT NULL                                                                                          # notNull
    | NULL                                                                                              # nullable
    | GENERATED ALWAYS AS LPAREN expression RPAREN                                                      # generatedAs
    | GENERATED ( ALWAYS | BY DEFAULT ) AS IDENTITY ( LPAREN identityOption* RPAREN )?                  # identityColumn
    | DEFAULT expression                                                                                # defaultValue
    | commentClause                                                                                     # columnComment
    | ( CONSTRAINT identifier )? PRIMARY KEY constraintTrait*                                           # columnPrimaryKey
    | ( CONSTRAINT identifier )? ( FOREIGN KEY )? REFERENCES name ( LPAREN identifier RPAREN )? constraintTrait*  # columnReference
    | ( CONSTRAINT identifier )? CHECK LPAREN expression RPAREN constraintTrait*                        # columnCheck
    | MASK name ( USING COLUMNS LPAREN expression ( COMMA expression )* RPAREN )?                       # mask
    ;

identityOption : START WITH signedInteger | INCREMENT BY signedInteger | COMMA;

tableClause
    : USING name                                                                                        # usingFormat
    | PARTITIONED BY LPAREN partitionItem ( COMMA partitionItem )* RPAREN                               # partitionedBy
    | CLUSTER BY ( AUTO | NONE | LPAREN ( name ( COMMA name )* )? RPAREN )                              # clusterBy
    | LOCATION string                                                                                   # location
    | commentClause                                                                                     # comment
    | TBLPROPERTIES propertyList                                                                        # tableProperties
    | OPTIONS propertyList                                                                              # tableOptions
    | SCHEDULE REFRESH? ( EVERY INTEGER_VALUE scheduleUnit | CRON string ( AT TIME ZONE ( string | LOCAL ) )? )  # schedule
    | TRIGGER ON UPDATE ( AT MOST EVERY expression )?                                                   # trigger
    | WITH ROW FILTER name ( ON LPAREN ( expression ( COMMA expression )* )? RPAREN )?                  # rowFilter
    | REFRESH POLICY ( AUTO | INCREMENTAL STRICT? | FULL )                                              # refreshPolicy
    | DEFAULT COLLATION name                                                                            # otherClause
    | WITH SCHEMA ( BINDING | COMPENSATION | EVOLUTION | TYPE EVOLUTION )                               # otherClause
    | CLUSTERED BY identifierList ( SORT? WORD BY LPAREN sortItem ( COMMA sortItem )* RPAREN )? INTO INTEGER_VALUE BUCKETS  # otherClause
    | LIKE name                                                                                         # otherClause
    | ROW WORD ( WORD | string | identifier )+                                                          # otherClause
    | STORED AS identifier                                                                              # otherClause
    ;

scheduleUnit  : HOUR | HOURS | DAY | DAYS | WEEK | WEEKS;
partitionItem : expression | identifier dataType;
commentClause : COMMENT string;
propertyList  : LPAREN ( property ( COMMA property )* COMMA? )? RPAREN;
property      : propertyKey ( EQ? propertyValue )?;
propertyKey   : string | anyIdentifier ( DOT anyIdentifier )*;
propertyValue : string | MINUS? number | TRUE | FALSE | NULL | identifier ( DOT anyIdentifier )*;
partitionSpec : PARTITION LPAREN identifier ( EQ expression )? ( COMMA identifier ( EQ expression )? )* RPAREN;
columnList    : LPAREN identifier ( COMMA identifier )* RPAREN;

functionParameter : identifier dataType columnProperty*;
functionReturns   : RETURNS ( TABLE ( LPAREN functionParameter ( COMMA functionParameter )* RPAREN )? | dataType );
functionTrait     : LANGUAGE SQL | NOT? DETERMINISTIC | commentClause | CONTAINS SQL | READS SQL DATA;

// ---- queries -----------------------------------------------------------------------------------------------------------

query : ctes? queryTerm queryOrganization ( PIPE pipeOperator )*;

ctes       : WITH RECURSIVE? namedQuery ( COMMA namedQuery )*;
namedQuery : identifier columnList? ( MAX RECURSION LEVEL number )? AS? LPAREN query RPAREN;

queryOrganization
    : ( ORDER BY order += sortItem ( COMMA order += sortItem )* )?
      ( CLUSTER BY cluster += expression ( COMMA cluster += expression )* )?
      ( DISTRIBUTE BY distribute += expression ( COMMA distribute += expression )* )?
      ( SORT BY sort += sortItem ( COMMA sort += sortItem )* )?
      windowClause?
      ( limitClause offsetClause? | offsetClause limitClause? )?
    ;

limitClause  : LIMIT ( ALL | limit = expression );
offsetClause : OFFSET offset = expression ( ROW | ROWS )?;
sortItem     : expression ( ASC | DESC )? ( NULLS ( FIRST | LAST ) )?;

queryTerm
    : queryPrimary                                                                                      # primaryTerm
    | left = queryTerm operator = INTERSECT setQuantifier? ( BY NAME )? right = queryTerm               # setOperation
    | left = queryTerm operator = ( UNION | EXCEPT | MINUS_KW ) setQuantifier? ( BY NAME )? right = queryTerm  # setOperation
    | queryTerm PIPE pipeOperator                                                                       # pipe
    ;

setQuantifier : ALL | DISTINCT;

queryPrimary
    : selectClause fromClause? selectTail                                                               # select
    | fromClause ( selectClause? selectTail )                                                           # fromFirst
    | TABLE name                                                                                        # tableQuery
    | VALUES valuesRow ( COMMA valuesRow )* tableAlias                                                  # values
    | LPAREN query RPAREN                                                                               # nestedQuery
    ;

valuesRow    : expression;
selectClause
    : SELECT hints* setQuantifier? selectItem ( COMMA selectItem )*                                     # selectItems
    | SELECT TRANSFORM LPAREN ( setQuantifier? expression ( COMMA expression )* ) RPAREN scriptFormat* USING string
      ( AS ( LPAREN columnDefinition ( COMMA columnDefinition )* RPAREN | columnDefinition ( COMMA columnDefinition )* ) )? scriptFormat*  # selectScript
    | ( MAP | REDUCE ) expression ( COMMA expression )* scriptFormat* USING string
      ( AS ( LPAREN columnDefinition ( COMMA columnDefinition )* RPAREN | columnDefinition ( COMMA columnDefinition )* ) )? scriptFormat*  # selectScript
    ;

scriptFormat : ROW WORD ( WORD | string | BY | WITH | NULL | MAP | KEYS | propertyList | DEFAULT | AS )+ | WORD string;
hints        : HINT_OPEN hint ( COMMA? hint )* HINT_CLOSE;
hint         : anyIdentifier ( LPAREN ( expression ( COMMA expression )* )? RPAREN )?;

selectItem   : expression ( AS? itemAlias | AS anyIdentifier | AS columnList | columnList )?;

selectTail   : ( WHERE where = expression )? groupByClause? ( HAVING having = expression )? ( QUALIFY qualify = expression )? windowClause?;

groupByClause
    : GROUP BY groupItem ( COMMA groupItem )* ( WITH ( ROLLUP | CUBE ) | GROUPING SETS LPAREN groupItem ( COMMA groupItem )* RPAREN )?
    ;

groupItem
    : ( ROLLUP | CUBE ) LPAREN groupingSet ( COMMA groupingSet )* RPAREN                                # rollupOrCube
    | GROUPING SETS LPAREN groupItem ( COMMA groupItem )* RPAREN                                        # groupingSets
    | LPAREN RPAREN                                                                                     # emptyGroup
    | expression ( AS? implicitAlias | AS anyIdentifier )?                                              # plainGroup
    ;

groupingSet  : LPAREN RPAREN | expression;
windowClause : WINDOW namedWindow ( COMMA namedWindow )*;
namedWindow  : identifier AS windowSpec;

pipeOperator
    : selectClause windowClause?                                                                        # pipeSelect
    | EXTEND selectItem ( COMMA selectItem )*                                                           # pipeExtend
    | SET assignment ( COMMA assignment )*                                                              # pipeSet
    | DROP identifier ( COMMA identifier )*                                                             # pipeDrop
    | AS identifier                                                                                     # pipeAs
    | WHERE expression                                                                                  # pipeWhere
    | AGGREGATE ( selectItem ( COMMA selectItem )* )? groupByClause?                                    # pipeAggregate
    | joinRelation                                                                                      # pipeJoin
    | lateralView                                                                                       # pipeLateralView
    | pivotClause                                                                                       # pipePivot
    | unpivotClause                                                                                     # pipeUnpivot
    | sample                                                                                            # pipeSample
    | ( UNION | INTERSECT | EXCEPT | MINUS_KW ) setQuantifier? ( BY NAME )? queryPrimary ( COMMA queryPrimary )*  # pipeSetOperation
    | queryOrganization                                                                                 # pipeOrder
    ;

assignment   : name EQ expression;

// ---- FROM --------------------------------------------------------------------------------------------------------------

fromClause   : FROM relation ( COMMA relation )* lateralView* pivotClause? unpivotClause?;
relation     : relationPrimary relationExtension*;
relationExtension : joinRelation | pivotClause | unpivotClause;

joinRelation
    : joinKind JOIN relationPrimary ( ON expression | USING identifierList )?
    | NATURAL joinKind JOIN relationPrimary
    ;

joinKind     : INNER? | CROSS | LEFT OUTER? | LEFT? SEMI | RIGHT OUTER? | FULL OUTER? | LEFT? ANTI;

relationPrimary
    : STREAM streamSource options? sample? watermark? tableAlias options?                               # streamRelation
    | name ( AT_SIGN anyIdentifier )? timeTravel? options? sample? watermark? tableAlias                # tableRelation
    | STRING sample? watermark? tableAlias                                                              # fileRelation
    | LATERAL? LPAREN query RPAREN sample? watermark? tableAlias                                        # subqueryRelation
    | LPAREN relation RPAREN sample? watermark? tableAlias                                              # nestedRelation
    | VALUES valuesRow ( COMMA valuesRow )* tableAlias                                                  # valuesRelation
    | LATERAL? functionName LPAREN arguments RPAREN sample? watermark? tableAlias                       # functionRelation
    ;

streamSource
    : name timeTravel?
    | functionName LPAREN arguments RPAREN
    | LPAREN streamSource RPAREN
    | LPAREN query RPAREN
    ;

options      : WITH LPAREN option ( COMMA option )* RPAREN;
option       : property;
timeTravel
    : FOR? ( SYSTEM_VERSION | VERSION ) AS OF valueExpression
    | FOR? ( SYSTEM_TIME | TIMESTAMP ) AS OF valueExpression
    ;

watermark    : WATERMARK expression ( AS identifier )? DELAY OF expression;
tableAlias   : ( ( AS identifier | implicitAlias ) columnList? | AS columnList )?;

lateralView  : LATERAL VIEW OUTER? functionName LPAREN arguments RPAREN table = implicitAlias? ( AS? identifier ( COMMA identifier )* )?;

pivotClause
    : PIVOT LPAREN pivotAggregate ( COMMA pivotAggregate )* FOR ( name | LPAREN name ( COMMA name )* RPAREN )
      IN LPAREN selectItem ( COMMA selectItem )* RPAREN RPAREN tableAlias
    ;

pivotAggregate : expression ( AS? implicitAlias | AS anyIdentifier )?;

unpivotClause
    : UNPIVOT ( ( INCLUDE | EXCLUDE ) NULLS )? LPAREN ( identifier | identifierList ) FOR identifier
      IN LPAREN unpivotItem ( COMMA unpivotItem )* RPAREN RPAREN tableAlias
    ;

unpivotItem  : ( name | LPAREN name ( COMMA name )* RPAREN ) ( AS? ( identifier | string ) )?;

sample
    : TABLESAMPLE WORD? LPAREN sampleAmount? RPAREN ( REPEATABLE LPAREN number RPAREN )?
    ;

sampleAmount
    : BUCKET INTEGER_VALUE OUT OF INTEGER_VALUE ( ON expression )?
    | MINUS? number ( PERCENT | ROWS )
    | expression ROWS
    | WORD
    ;

// ---- expressions -------------------------------------------------------------------------------------------------------

expression
    : ( NOT | BANG ) expression                                                                         # not
    | valueExpression predicate*                                                                        # predicated
    | left = expression AND right = expression                                                          # and
    | left = expression OR right = expression                                                           # or
    ;

predicate
    : NOT? BETWEEN ( SYMMETRIC | ASYMMETRIC )? low = valueExpression AND high = valueExpression          # between
    | NOT? IN LPAREN query RPAREN                                                                       # inQuery
    | NOT? IN LPAREN expression ( COMMA expression )* RPAREN                                            # inList
    | NOT? ( LIKE | ILIKE | RLIKE | REGEXP ) ( ANY | SOME | ALL ) LPAREN ( expression ( COMMA expression )* )? RPAREN  # likeMany
    | NOT? ( LIKE | ILIKE | RLIKE | REGEXP ) valueExpression ( ESCAPE string )?                         # like
    | IS NOT? ( NULL | TRUE | FALSE | UNKNOWN )                                                         # isTest
    | IS NOT? DISTINCT FROM valueExpression                                                             # isDistinct
    ;

valueExpression
    : primaryExpression                                                                                 # primary
    | sign = ( MINUS | PLUS | TILDE ) valueExpression                                                   # unary
    | left = valueExpression sign = ( ASTERISK | SLASH | PERCENT_SIGN | DIV ) right = valueExpression   # binary
    | left = valueExpression sign = ( PLUS | MINUS | CONCAT ) right = valueExpression                   # binary
    | left = valueExpression shift right = valueExpression                                              # shifted
    | left = valueExpression sign = AMPERSAND right = valueExpression                                   # binary
    | left = valueExpression sign = HAT right = valueExpression                                         # binary
    | left = valueExpression sign = BAR right = valueExpression                                         # binary
    | left = valueExpression comparison right = valueExpression                                         # compared
    ;

shift      : SHIFT_LEFT | GT GT | GT GT GT;
comparison : EQ | NEQ | NEQ_BANG | NULL_SAFE_EQ | LT | LTE | GT | GTE;

primaryExpression
    : CASE operand = expression? whenClause+ ( ELSE otherwise = expression )? END                       # case
    | ( CAST | TRY_CAST ) LPAREN expression AS dataType RPAREN                                          # cast
    | EXISTS LPAREN query RPAREN                                                                        # exists
    | LPAREN query RPAREN                                                                               # scalarQuery
    | LPAREN ( tupleItem ( COMMA tupleItem )* )? RPAREN ( ARROW expression )?                           # tuple
    | INTERVAL intervalPart+                                                                            # interval
    | EXTRACT LPAREN anyIdentifier FROM expression RPAREN                                               # extract
    | TRIM LPAREN ( side = ( BOTH | LEADING | TRAILING ) characters = expression? | characters = expression ) FROM value = expression RPAREN  # trim
    | POSITION LPAREN part = valueExpression IN value = valueExpression RPAREN                          # position
    | ( SUBSTRING | SUBSTR ) LPAREN value = expression FROM start = expression ( FOR length = expression )? RPAREN  # substring
    | OVERLAY LPAREN value = expression PLACING part = expression FROM start = expression ( FOR length = expression )? RPAREN  # overlay
    | IDENTIFIER LPAREN expression RPAREN                                                               # dynamicName
    | callKeyword LPAREN arguments RPAREN callTail                                                      # keywordCall
    | MINUS? number                                                                                     # numberLiteral
    | string+                                                                                           # stringLiteral
    | NULL                                                                                              # nullLiteral
    | ( TRUE | FALSE )                                                                                  # booleanLiteral
    | identifier string                                                                                 # typedLiteral
    | identifier ARROW expression                                                                       # lambda
    | identifier                                                                                        # nameStart
    | ASTERISK starExcept?                                                                              # star
    | COLON anyIdentifier                                                                               # namedParameter
    | QUESTION                                                                                          # positionalParameter
    | primaryExpression DOT ASTERISK starExcept?                                                        # qualifiedStar
    | primaryExpression DOT anyIdentifier                                                               # field
    | primaryExpression LPAREN arguments RPAREN callTail                                                # call
    | primaryExpression LBRACKET valueExpression RBRACKET                                               # subscript
    | primaryExpression ( DOUBLE_COLON | TRY_CAST_SIGN ) dataType                                       # castSign
    | primaryExpression COLON jsonPath                                                                  # jsonPathOf
    | primaryExpression COLLATE name                                                                    # collate
    ;

whenClause  : WHEN condition = expression THEN result = expression;
tupleItem   : expression ( AS anyIdentifier )?;
starExcept  : EXCEPT LPAREN name ( COMMA name )* RPAREN;

arguments   : ( setQuantifier? argument ( COMMA argument )* ( ( IGNORE | RESPECT ) NULLS )? ( ORDER BY sortItem ( COMMA sortItem )* )? )?;
argument
    : argumentName = anyIdentifier FAT_ARROW ( tableArgument | expression )
    | tableArgument
    | expression ( AS anyIdentifier )?
    ;

tableArgument
    : TABLE LPAREN ( query | name ) RPAREN tableArgumentPartition?
    | TABLE name tableArgumentPartition?
    ;

tableArgumentPartition
    : ( WITH SINGLE PARTITION | ( PARTITION | DISTRIBUTE ) BY ( LPAREN expression ( COMMA expression )* RPAREN | expression ) )
      ( ( ORDER | SORT ) BY ( LPAREN sortItem ( COMMA sortItem )* RPAREN | sortItem ( COMMA sortItem )* ) )?
    ;

callTail
    : ( WITHIN GROUP LPAREN ORDER BY sortItem ( COMMA sortItem )* RPAREN )?
      ( FILTER LPAREN WHERE where = expression RPAREN )?
      ( nullTreatment = ( IGNORE | RESPECT ) NULLS )?
      ( OVER windowSpec )?
    ;

windowSpec
    : identifier
    | LPAREN identifier RPAREN
    | LPAREN base = implicitAlias? ( ( PARTITION | DISTRIBUTE | CLUSTER ) BY partition += expression ( COMMA partition += expression )* )?
      ( ( ORDER | SORT ) BY sortItem ( COMMA sortItem )* )? windowFrame? RPAREN
    ;

windowFrame
    : unit = ( ROWS | RANGE ) frameBound
    | unit = ( ROWS | RANGE ) BETWEEN frameBound AND frameBound
    ;

frameBound
    : UNBOUNDED ( PRECEDING | FOLLOWING )
    | CURRENT ROW
    | valueExpression ( PRECEDING | FOLLOWING )
    ;

intervalPart  : intervalValue ( unit = intervalUnit ( TO to = intervalUnit )? )?;
intervalValue : ( PLUS | MINUS )? ( number | string | COLON anyIdentifier | LPAREN expression RPAREN );
intervalUnit
    : YEAR | YEARS | QUARTER | QUARTERS | MONTH | MONTHS | WEEK | WEEKS | DAY | DAYS | HOUR | HOURS | MINUTE | MINUTES | SECOND | SECONDS
    | MILLISECOND | MILLISECONDS | MICROSECOND | MICROSECONDS | NANOSECOND | NANOSECONDS
    ;

jsonPath : jsonStep jsonMore*;
jsonStep : anyIdentifier | LBRACKET jsonIndex RBRACKET;
jsonMore : DOT anyIdentifier | LBRACKET jsonIndex RBRACKET;
jsonIndex : string | ASTERISK | valueExpression;

// ---- types -------------------------------------------------------------------------------------------------------------

dataType
    : ARRAY LT dataType GT                                                                              # arrayType
    | MAP LT dataType COMMA dataType GT                                                                 # mapType
    | STRUCT ( LT ( structField ( COMMA structField )* )? GT | NEQ )                                    # structType
    | INTERVAL ( from = intervalUnit ( TO to = intervalUnit )? )?                                       # intervalType
    | TIMESTAMP ( WITHOUT TIME ZONE | WITH LOCAL? TIME ZONE )                                           # timestampType
    | typeWord ( LPAREN INTEGER_VALUE ( COMMA INTEGER_VALUE )* RPAREN )? ( COLLATE anyIdentifier )?     # primitiveType
    ;

typeWord    : WORD | TIMESTAMP | TIME | QUOTED_WORD;
structField : anyIdentifier COLON? dataType ( NOT NULL )? commentClause?;
schemaField : name COLON? dataType ( NOT NULL )? commentClause?;

// ---- names and literals ------------------------------------------------------------------------------------------------

name
    : identifier ( DOT anyIdentifier )*
    | IDENTIFIER LPAREN expression RPAREN ( DOT anyIdentifier )*
    ;

functionName   : name | callKeyword;
identifierList : LPAREN identifier ( COMMA identifier )* RPAREN;
string         : STRING | DOUBLE_STRING;
number         : INTEGER_VALUE | DECIMAL_VALUE | EXPONENT_VALUE | BIGINT_VALUE | SMALLINT_VALUE | TINYINT_VALUE | FLOAT_VALUE | DOUBLE_VALUE | BIGDECIMAL_VALUE;
signedInteger  : MINUS? ( INTEGER_VALUE | BIGINT_VALUE );

// A name anywhere.
identifier     : WORD | QUOTED_WORD | softKeyword | followKeyword;

// A name where nothing else can stand: behind AS, behind a dot.
anyIdentifier  : WORD | QUOTED_WORD | softKeyword | followKeyword | hardKeyword;

// A name that stands behind something without AS.
implicitAlias  : WORD | QUOTED_WORD | softKeyword;

// The name of a SELECT item without AS: little can stand behind an item, so some words of clauses may be its name.
itemAlias
    : implicitAlias
    | AFTER | ASC | COLUMNS | COMMENT | DEFAULT | DELAY | DESC | END | EXPECT | FOLLOWING | KEYS | LOCATION | OPTIONS | OUT | OUTER | PERCENT
     | PRECEDING | REFERENCES | ROWS | SCHEDULE | SEQUENCE | SNAPSHOT | SYSTEM | TABLE | TRACK | TRIGGER | VIEW | WATERMARK
    ;

// Reserved words that are also functions.
callKeyword    : LEFT | RIGHT | LIKE | ILIKE | RLIKE | REGEXP;

softKeyword
    : AGGREGATE | ALL | ALWAYS | ANY | ARRAY | ASYMMETRIC | AT | AUTO | BINDING | BITEMPORAL | BOTH | BUCKET
     | BUCKETS | CAST | CATALOG | CDC | CHANGES | CHECK | CLUSTERED | COLLATION | COMPENSATION | CONSTRAINT
     | CONTAINS | CRON | CUBE | CURRENT | DATA | DATABASE | DAY | DAYS | DELETE | DETERMINISTIC | DROP | EVERY
     | EVOLUTION | EXCLUDE | EXISTS | EXPLAIN | EXTEND | EXTERNAL | EXTRACT | FAIL | FIRST | FOREIGN
     | FUNCTION | GENERATED | GLOBAL | GROUPING | HISTORY | HOUR | HOURS | IDENTIFIER | IDENTITY | IF
     | INCLUDE | INCREMENT | INCREMENTAL | INTERVAL | KEY | LANGUAGE | LAST | LEADING | LEVEL | LIVE | LOCAL
     | MAP | MASK | MATERIALIZED | MAX | MICROSECOND | MICROSECONDS | MILLISECOND | MILLISECONDS | MINUTE
     | MINUTES | MODIFIES | MONTH | MONTHS | MOST | NAME | NAMESPACE | NANOSECOND | NANOSECONDS | NONE | OF
     | ONCE | OVERLAY | OVERWRITE | PARTITION | PLACING | POLICY | POSITION | PRIMARY | PRIVATE | QUARTER
     | QUARTERS | RANGE | READS | RECURSION | RECURSIVE | REDUCE | REPEATABLE | RETURN | RETURNS | ROLLUP
     | ROW | SCD | SCHEMA | SECOND | SECONDS | SETS | SINGLE | SINK | SOME | SQL | START | STREAM | STREAMING
     | STRICT | STRUCT | SUBSTR | SUBSTRING | SYMMETRIC | SYSTEM_TIME | SYSTEM_VERSION | TEMP | TEMPORARY
     | TIME | TIMESTAMP | TO | TRAILING | TRANSFORM | TRIM | TRUNCATE | TRY_CAST | TYPE | UNBOUNDED | UNIQUE
     | UNKNOWN | UPDATE | UPDATES | USE | VALUES | VERSION | VIOLATION | WEEK | WEEKS | WITHOUT | YEAR | YEARS
     | ZONE
    ;

// Words that may be names, but that behind a name or an expression start the next clause.
followKeyword
    : AFTER | ANTI | APPLY | ASC | BY | CLUSTER | COLLATE | COLUMNS | COMMENT | DEFAULT | DELAY | DESC
     | DISTRIBUTE | DIV | END | ESCAPE | EXPECT | FILTER | FLOW | FOLLOWING | FOR | IGNORE | INSERT | INTO
     | KEYS | LOCATION | MINUS_KW | NULLS | OFFSET | OPTIONS | OUT | OUTER | OVER | PARTITIONED | PERCENT
     | PIVOT | PRECEDING | REFERENCES | REFRESH | REPLACE | RESPECT | ROWS | SCHEDULE | SEMI | SEQUENCE | SET
     | SNAPSHOT | SORT | STORED | SYSTEM | TABLE | TABLESAMPLE | TBLPROPERTIES | TRACK | TRIGGER | UNPIVOT
     | VIEW | WATERMARK | WINDOW | WITHIN
    ;

hardKeyword
    : AND | AS | BETWEEN | CASE | CREATE | CROSS | DISTINCT | ELSE | EXCEPT | FALSE | FROM | FULL | GROUP
     | HAVING | ILIKE | IN | INNER | INTERSECT | IS | JOIN | LATERAL | LEFT | LIKE | LIMIT | NATURAL | NOT
     | NULL | ON | OR | ORDER | QUALIFY | REGEXP | RIGHT | RLIKE | SELECT | THEN | TRUE | UNION | USING | WHEN
     | WHERE | WITH
    ;
