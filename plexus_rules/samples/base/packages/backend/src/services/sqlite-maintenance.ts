import { lt, sql } from 'drizzle-orm';
import * as schema from '../../drizzle/schema/sqlite';
import { getDatabase } from '../db/client';

/** Runs on SQLite only: PostgreSQL reclaims space by itself. */
export async function forgetUsageBefore(date: number): Promise<void> {
  const database = getDatabase();
  await database.delete(schema.requestUsage).where(lt(schema.requestUsage.date, date));
  database.run(sql`VACUUM`);
}
