import { beforeAll, expect, test } from 'bun:test';
import { runMigrations } from '../../db/migrate';
import { latestUsage, saveUsage } from '../usage-storage';

beforeAll(runMigrations);

test('the latest request comes first', async () => {
  const usage = { provider: 'openai', model: 'gpt-5', isStreamed: 1, region: 'eu' };
  await saveUsage({ ...usage, requestId: 'a', date: 1 });
  await saveUsage({ ...usage, requestId: 'b', date: 2 });
  expect((await latestUsage(1)).map((row) => row.requestId)).toEqual(['b']);
});
