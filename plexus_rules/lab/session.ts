// Runs what an experiment asks for on one database at a time: a line of JSON in, a line out.
// It ends with its input, so that it never outlives the process that started it.
import { createInterface } from 'node:readline';

type Request = {
  driver: 'bun:sqlite' | 'libsql' | 'postgres-js';
  url: string;
  onConnect?: string;
  migrate?: string;
  sql?: string;
  code?: string;
  schema?: string;
};
type Session = {
  db: any;
  migrate: (folder: string) => unknown;
  sql: (text: string) => Promise<unknown[]> | unknown[];
  close: () => Promise<unknown> | unknown;
};

async function open({ driver, url }: Request, schema?: object): Promise<Session> {
  const options = schema ? { schema } : {};
  if (driver === 'bun:sqlite') {
    const { Database } = await import('bun:sqlite');
    const { drizzle } = await import('drizzle-orm/bun-sqlite');
    const { migrate } = await import('drizzle-orm/bun-sqlite/migrator');
    const client = new Database(url);
    const db = drizzle({ client, ...options });
    return {
      db,
      migrate: (folder) => migrate(db, { migrationsFolder: folder }),
      sql: (text) => client.query(text).all(),
      close: () => client.close(),
    };
  }
  if (driver === 'libsql') {
    const { createClient } = await import('@libsql/client');
    const { drizzle } = await import('drizzle-orm/libsql');
    const { migrate } = await import('drizzle-orm/libsql/migrator');
    const client = createClient({ url: `file:${url}` });
    const db = drizzle({ client, ...options });
    return {
      db,
      migrate: (folder) => migrate(db, { migrationsFolder: folder }),
      sql: async (text) => {
        const { columns, rows } = await client.execute(text);
        return rows.map((row) => Object.fromEntries(columns.map((name, at) => [name, row[at]])));
      },
      close: () => client.close(),
    };
  }
  const { default: postgres } = await import('postgres');
  const { drizzle } = await import('drizzle-orm/postgres-js');
  const { migrate } = await import('drizzle-orm/postgres-js/migrator');
  const [host, database] = url.split('#');
  const client = postgres({ host, database, username: 'postgres', max: 1, onnotice: () => {} });
  const db = drizzle({ client, ...options });
  return {
    db,
    migrate: (folder) => migrate(db, { migrationsFolder: folder }),
    sql: (text) => client.unsafe(text),
    close: () => client.end({ timeout: 5 }),
  };
}

// The cause is what the database said; drizzle-orm wraps it in the query that failed.
function refusal(error: any): { code: string; message: string } {
  let deepest = error;
  while (deepest?.cause) deepest = deepest.cause;
  return { code: String(deepest?.code ?? ''), message: String(deepest?.message ?? deepest) };
}

async function answer(request: Request): Promise<object> {
  let session: Session | undefined;
  try {
    const schema = request.schema ? await import(request.schema) : undefined;
    session = await open(request, schema);
    if (request.onConnect) await session.sql(request.onConnect);
    if (request.migrate) {
      await session.migrate(request.migrate);
      return { value: null };
    }
    if (request.code) {
      const orm = await import('drizzle-orm');
      const run = new Function('db', 'schema', 'orm', `return (async () => (${request.code}))()`);
      return { value: (await run(session.db, schema, orm)) ?? null };
    }
    return { value: [...(await session.sql(request.sql ?? ''))] };
  } catch (error) {
    return { error: refusal(error) };
  } finally {
    await session?.close();
  }
}

function plain(_: string, value: unknown): unknown {
  return typeof value === 'bigint' ? String(value) : value;
}

const warnings = console.log.bind(console);
console.log = console.error;
for await (const line of createInterface({ input: process.stdin })) {
  warnings(JSON.stringify(await answer(JSON.parse(line)), plain));
}
