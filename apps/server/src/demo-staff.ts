import { type Caller, INSTALLATION_LOG, newId, systemCaller } from '#access';
import type { Installation } from '#installation';
import { type Person, type Staff, trialPeople } from '#simulation';

/** A log-in of the demonstration, as it is written down for whoever tries it. */
export interface DemoAccount {
  readonly role: string;
  readonly email: string;
  readonly password: string;
  readonly sites: readonly string[] | 'all';
  readonly unblinded: boolean;
}

/**
 * Creates an account for everybody who works in the simulated trial. Run again, it finds the accounts there
 * and gives them the new password.
 */
export async function hire(
  installation: Installation,
  password: string,
): Promise<{ staff: Staff; accounts: DemoAccount[] }> {
  const callers = new Map<string, Caller>();
  for (const person of trialPeople) callers.set(person.email, await employ(installation, person, password));
  const find = (role: string, site?: string) => {
    const person = trialPeople.find(
      (one) => one.role === role && (site === undefined || one.sites.includes(site)),
    )!;
    return callers.get(person.email)!;
  };
  return {
    staff: {
      investigatorOf: (site) => find('investigator', site),
      coordinatorOf: (site) => find('coordinator', site),
      monitor: find('monitor'),
      dataManager: find('data-manager'),
      administrator: find('administrator'),
    },
    accounts: trialPeople.map(({ role, email, sites, unblinded }) => ({
      role,
      email,
      password,
      sites,
      unblinded,
    })),
  };
}

async function employ(
  { runner, userCommands, accounts }: Installation,
  person: Person,
  password: string,
): Promise<Caller> {
  const { email, name, role, sites, unblinded } = person;
  const idOf = (what: string) => newId(`demo ${what} ${email}`);
  const call = (what: string) => ({
    log: INSTALLATION_LOG,
    caller: systemCaller('demo'),
    key: idOf(`key of ${what}`),
  });
  const user = idOf('user');
  // Whoever defines studies can define another one.
  const study = role === 'administrator' || role === 'data-manager' ? '*' : 'SINET';
  const grant = { user, grant: idOf('grant'), study, role, sites, unblinded };
  await runner.run(userCommands.CreateUser, { user, email, name }, call('user'));
  await runner.run(userCommands.GiveGrant, grant, call('grant'));
  await accounts.credentials.set(user, password);
  return { id: user, name, grants: [grant] };
}
