import { INSTALLATION_LOG, newId, systemCaller } from '#access';
import { Problem } from '#problem';
import { shippedStudies, studyCommands } from '#study';
import type { Installation } from './installation.js';

export interface SetUp {
  /** The studies that ship with the product. */
  readonly studies: readonly string[];
  /** The first administrator, at the start that made it; `password` when it was generated. */
  readonly administrator: { readonly email: string; readonly password?: string } | undefined;
}

/**
 * What an installation has from its first start on: the shipped studies, and an administrator to let the
 * others in. Does nothing where they are there already, and completes a start that was cut short.
 */
export async function setUp(
  installation: Installation,
  administrator: { email: string; password: string | undefined },
): Promise<SetUp> {
  const studies = [];
  for (const definition of shippedStudies()) {
    await publish(installation, definition);
    studies.push(definition.study.oid);
  }
  return { studies, administrator: await createAdministrator(installation, administrator) };
}

async function publish(
  { runner, studies, uuid }: Installation,
  definition: ReturnType<typeof shippedStudies>[number],
): Promise<void> {
  if ((await studies.publications(definition.study.oid)).versions.length > 0) return;
  const call = { log: definition.study.oid, caller: systemCaller('set-up'), key: uuid() };
  await runner.run(studyCommands.CreateStudy, { definition }, call).catch(unlessThere);
}

async function createAdministrator(
  { pool, runner, userCommands, accounts, uuid }: Installation,
  { email, password }: { email: string; password: string | undefined },
): Promise<SetUp['administrator']> {
  const { rowCount } = await pool.query(
    `SELECT FROM app_user WHERE active AND jsonb_path_exists(grants, '$.*.role ? (@ == "administrator")')`,
  );
  if (rowCount !== 0) return undefined;
  const call = () => ({ log: INSTALLATION_LOG, caller: systemCaller('set-up'), key: uuid() });
  const { rows } = await pool.query<{ id: string }>(
    'SELECT id FROM app_user WHERE lower(email) = lower($1)',
    [email],
  );
  const user = rows[0]?.id ?? newId(uuid());
  if (!rows[0])
    await runner.run(userCommands.CreateUser, { user, email, name: 'First administrator' }, call());
  const chosen = password ?? accounts.generatePassword();
  await accounts.credentials.set(user, chosen);
  const grant = {
    user,
    grant: newId(uuid()),
    study: '*',
    role: 'administrator',
    sites: 'all',
    unblinded: false,
  } as const;
  await runner.run(userCommands.GiveGrant, grant, call());
  return { email, ...(password === undefined && { password: chosen }) };
}

function unlessThere(error: unknown): void {
  if (!(error instanceof Problem) || error.code !== 'already-exists') throw error;
}
