import { type Caller, roles, systemCaller } from '#access';
import { type EnrolSubject, type ImportedSubject, importClinical } from '#casebook';
import type { Installation } from '#installation';
import type { Source } from '#odm';
import { type Print, printUnsupported } from './print.js';

/** Of subjects of whom the document does not tell where and when they were enrolled. */
export type Enrolment = Partial<EnrolSubject>;

/** The installation itself acts, and may enter what any role may. */
const caller: Caller = {
  ...systemCaller('odm-import'),
  grants: roles.map((role) => ({ study: '*', role, sites: 'all', unblinded: true })),
};

/**
 * Enters the clinical data of an ODM document, each to its study, and prints the report; gives how many acts were
 * refused.
 *
 * @throws Problem where the document could not be read to its end, after the report of what was entered
 */
export async function enterClinical(
  installation: Installation,
  source: Source,
  enrolment: Enrolment,
  print: Print,
): Promise<number> {
  const { subjects, unsupported, fault } = await importClinical(installation, source, { caller, enrolment });
  printUnsupported(print, unsupported);
  for (const subject of subjects) printSubject(print, subject);
  if (fault) throw fault;
  return subjects.reduce((sum, { refused }) => sum + refused, 0);
}

function printSubject(
  print: Print,
  { study, odmKey, key, entered, refused, refusals }: ImportedSubject,
): void {
  print(`subject ${study}/${odmKey}: ${key ?? 'not enrolled'}, ${entered} entered, ${refused} refused`);
  for (const { what, problem } of refusals) {
    print(`  ${what}: ${problem.detail}`);
    for (const { pointer, message } of problem.details.errors ?? []) print(`    ${pointer}: ${message}`);
  }
}
