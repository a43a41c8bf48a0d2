/** Libraries by floor, counted from the ground. */
export type Floors = Readonly<Record<number, readonly string[]>>;

/** A library imports only from the floors below its own: neither from above nor from beside it. */
export const floors: Floors = {
  1: ['decider', 'embedded-postgres', 'merkle', 'problem', 'statistics', 'values'],
  2: ['checks', 'event-store', 'http', 'odm', 'tabular'],
  3: ['commands'],
  4: ['access'],
  5: ['study'],
  6: ['casebook'],
  7: ['audit', 'outcomes'],
  8: ['monitoring', 'snapshots'],
  9: ['installation', 'simulation'],
};

/** The floors that know what a trial is; their decisions are kept free of packages. */
export const trialFloors: readonly number[] = [4, 5, 6, 7, 8];

/** A trial file of such a name is an edge, and may import what its material needs. */
export const edges: readonly string[] = [
  'commands',
  'controller',
  'decorator',
  'dto',
  'guard',
  'module',
  'projection',
  'service',
  'table',
];

/** The other trial files are logic. They import no package but these: schemas and expressions. */
export const logicPackages: readonly string[] = ['ajv'];

/** Modules of Node that single files of logic import, each of them for computing or for data shipped beside it. */
export const logicBuiltins: Readonly<Record<string, readonly string[]>> = {
  'libs/access/src/sign-in/totp.ts': ['crypto'],
  'libs/casebook/src/identity/seal.ts': ['crypto'],
  'libs/casebook/src/signature/signature-content.ts': ['crypto'],
  'libs/study/src/definition/draw.ts': ['crypto'],
  'libs/study/src/definition/shape.ts': ['fs'],
  'libs/study/src/shipped.ts': ['fs'],
};
