import { Database } from 'bun:sqlite';
import { type BunSQLiteDatabase, drizzle as drizzleSqlite } from 'drizzle-orm/bun-sqlite';
import { drizzle as drizzlePostgres } from 'drizzle-orm/postgres-js';
import postgres from 'postgres';
import type { Schema } from './types';

export type Dialect = 'sqlite' | 'postgres';
type Connection = { dialect: Dialect; database: BunSQLiteDatabase<Schema>; schema: Schema };

let connection: Connection | undefined;

// Services see one type; both dialects answer the same query builder.
function connect(dialect: Dialect, url: string): Connection {
  if (dialect === 'postgres') {
    const schema = require('../../drizzle/schema/postgres/index');
    const database = drizzlePostgres(postgres(url), { schema });
    return { dialect, database: database as unknown as BunSQLiteDatabase<Schema>, schema };
  }
  const schema: Schema = require('../../drizzle/schema/sqlite/index');
  const sqlite = new Database(url);
  sqlite.exec('PRAGMA foreign_keys = ON');
  return { dialect, database: drizzleSqlite(sqlite, { schema }), schema };
}

export function initializeDatabase(): Connection {
  if (!connection) {
    const dialect: Dialect = process.env.PLEXUS_DB_TYPE === 'postgres' ? 'postgres' : 'sqlite';
    connection = connect(dialect, process.env.PLEXUS_DB_URL || ':memory:');
  }
  return connection;
}

export const getDatabase = () => initializeDatabase().database;
export const getSchema = () => initializeDatabase().schema;
export const getCurrentDialect = () => initializeDatabase().dialect;
