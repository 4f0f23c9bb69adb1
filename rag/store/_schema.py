"""The schema as text, so that two databases can be compared."""

from psycopg import AsyncConnection

_DESCRIPTION = """
    SELECT format('column %s.%s %s%s default %s', c.relname, a.attname, format_type(a.atttypid, a.atttypmod),
                  CASE WHEN a.attnotnull THEN ' not null' ELSE '' END,
                  coalesce(pg_get_expr(d.adbin, d.adrelid), a.attidentity::text, '-'))
    FROM pg_class c
    JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
    LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
    WHERE c.relnamespace = 'paper_finder'::regnamespace AND c.relkind IN ('r', 'v')
    UNION ALL
    SELECT format('constraint %s on %s: %s', conname, conrelid::regclass, pg_get_constraintdef(oid))
    FROM pg_constraint WHERE connamespace = 'paper_finder'::regnamespace AND contype <> 'n'
    UNION ALL
    SELECT format('index %s', indexdef) FROM pg_indexes WHERE schemaname = 'paper_finder'
    UNION ALL
    SELECT format('function %s(%s) %s', proname, pg_get_function_arguments(oid), md5(prosrc))
    FROM pg_proc WHERE pronamespace = 'paper_finder'::regnamespace
    UNION ALL
    SELECT format('trigger %s', pg_get_triggerdef(t.oid))
    FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
    WHERE c.relnamespace = 'paper_finder'::regnamespace AND NOT t.tgisinternal
    ORDER BY 1
"""


async def describe_schema(dsn: str) -> list[str]:
    """Every column, constraint, index, function and trigger of the schema ``paper_finder``, sorted."""
    async with await AsyncConnection.connect(dsn) as connection:
        cursor = await connection.execute(_DESCRIPTION)
        return [row[0] for row in await cursor.fetchall()]
