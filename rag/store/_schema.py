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
    SELECT format('function %s(%s) %s', proname, pg_get_function_arguments(oid),
                  md5(prosrc || coalesce(pg_get_function_sqlbody(oid), '')))
    FROM pg_proc WHERE pronamespace = 'paper_finder'::regnamespace
    UNION ALL
    SELECT format('trigger %s', pg_get_triggerdef(t.oid))
    FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
    WHERE c.relnamespace = 'paper_finder'::regnamespace AND NOT t.tgisinternal
    UNION ALL
    SELECT format('policy %s on %s to %s: %s', p.polname, p.polrelid::regclass,
                  (SELECT string_agg(rolname, ', ' ORDER BY rolname) FROM pg_roles WHERE oid = ANY (p.polroles)),
                  pg_get_expr(p.polqual, p.polrelid))
    FROM pg_policy p JOIN pg_class c ON c.oid = p.polrelid WHERE c.relnamespace = 'paper_finder'::regnamespace
    UNION ALL
    SELECT format('row-level security on %s', oid::regclass)
    FROM pg_class WHERE relnamespace = 'paper_finder'::regnamespace AND relrowsecurity
    UNION ALL
    SELECT format('reader may %s %s', lower(privilege_type), table_name)
    FROM information_schema.role_table_grants WHERE table_schema = 'paper_finder' AND grantee = 'paper_finder_reader'
    ORDER BY 1
"""


async def describe_schema(dsn: str) -> list[str]:
    """Every column, constraint, index, function, trigger, policy and reader's right of the schema ``paper_finder``, sorted."""
    async with await AsyncConnection.connect(dsn) as connection:
        cursor = await connection.execute(_DESCRIPTION)
        return [row[0] for row in await cursor.fetchall()]
