import * as postgresSchema from '@schema/postgres';
import * as sqliteSchema from '@schema/sqlite';
import { count, eq } from 'drizzle-orm';
import { getCurrentDialect, getDatabase } from '../db/client';

export async function reportProviders() {
  const schema = getCurrentDialect() === 'postgres' ? postgresSchema : sqliteSchema;
  const { providers, providerModels } = schema as typeof sqliteSchema;
  return getDatabase()
    .select({ slug: providers.slug, models: count(providerModels.id) })
    .from(providers)
    .leftJoin(providerModels, eq(providerModels.providerId, providers.id))
    .groupBy(providers.slug);
}
