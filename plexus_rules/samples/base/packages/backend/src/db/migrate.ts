import path from 'node:path';
import { migrate as migrateSqlite } from 'drizzle-orm/bun-sqlite/migrator';
import { migrate as migratePostgres } from 'drizzle-orm/postgres-js/migrator';
import { getCurrentDialect, getDatabase } from './client';

const drizzleFolder = path.resolve(import.meta.dir, '../../drizzle');

export async function runMigrations(): Promise<void> {
  const database = getDatabase();
  if (getCurrentDialect() === 'postgres') {
    await migratePostgres(database as unknown as Parameters<typeof migratePostgres>[0], {
      migrationsFolder: path.join(drizzleFolder, 'migrations_pg'),
    });
  } else {
    migrateSqlite(database, { migrationsFolder: path.join(drizzleFolder, 'migrations') });
  }
}
