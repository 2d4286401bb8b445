import { desc } from 'drizzle-orm';
import { getDatabase, getSchema } from '../db/client';
import type { NewRequestUsage, RequestUsage } from '../db/types';

export async function saveUsage(usage: NewRequestUsage): Promise<void> {
  await getDatabase().insert(getSchema().requestUsage).values(usage);
}

export async function latestUsage(limit: number): Promise<RequestUsage[]> {
  const { requestUsage } = getSchema();
  return getDatabase().select().from(requestUsage).orderBy(desc(requestUsage.date)).limit(limit);
}
