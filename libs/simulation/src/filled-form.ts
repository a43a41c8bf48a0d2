import type { MissingCode } from '#values';

export type SiteRole = 'investigator' | 'coordinator';
export type Value = string | number | readonly string[];
export type Values = Readonly<Record<string, Value>>;

/** A form as the site has it on paper: every value right. */
export interface FilledForm {
  readonly visit: string;
  readonly form: string;
  readonly by: SiteRole;
  readonly items: Values;
  readonly missing: Readonly<Record<string, MissingCode>>;
  /** By repeating group. */
  readonly rows: Readonly<Record<string, readonly Row[]>>;
}

export interface Row {
  readonly rowKey: string;
  readonly items: Values;
}

type Short = Readonly<Record<string, Value | undefined>>;

interface Extras {
  readonly by?: SiteRole;
  readonly missing?: Readonly<Record<string, MissingCode>>;
  readonly rows?: { readonly group: string; readonly values: readonly Short[] };
}

/**
 * A form from the short names of its items: `SEX` in form `DM` is `I.DM.SEX`. Items that are undefined are
 * left out. `form` may carry a repeat key; so may `visit`.
 */
export function filled(visit: string, form: string, values: Short, extras: Extras = {}): FilledForm {
  const { by = 'coordinator', missing = {}, rows } = extras;
  const prefix = `I.${form.split('~')[0]}.`;
  return {
    visit,
    form,
    by,
    items: named(prefix, values) as Values,
    missing: named(prefix, missing) as FilledForm['missing'],
    rows: rows
      ? {
          [rows.group]: rows.values.map((row, i) => ({
            rowKey: String(i + 1),
            items: named(prefix, row) as Values,
          })),
        }
      : {},
  };
}

function named(prefix: string, values: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const items: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(values)) {
    if (value !== undefined) items[prefix + name] = value;
  }
  return items;
}

export const yesNo = (answer: boolean) => (answer ? 'Y' : 'N');
