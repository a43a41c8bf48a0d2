import { type Fault, pointerTo } from '#problem';
import type { Definition } from './definition.js';

/** What is wrong with what duplicates are found by, in a definition of the right shape. */
export function duplicateFaults({ duplicates, checks = [], forms }: Definition): Fault[] {
  if (!duplicates) return [];
  const places = new Map(
    forms.flatMap(({ oid: form, groups }) =>
      groups.flatMap(({ items, repeating: rows }) =>
        items.map((item) => [item.oid, { form, rows }] as const),
      ),
    ),
  );
  const taken = checks.some(({ oid }) => oid === duplicates.check) || isBuiltIn(duplicates.check);
  return [
    ...(taken
      ? [{ pointer: '/duplicates/check', code: 'duplicate', message: `There is a check ${duplicates.check}` }]
      : []),
    ...duplicates.keys.flatMap((key, k) =>
      key.flatMap((oid, i): Fault[] => {
        const pointer = pointerTo(`/duplicates/keys/${k}`, i);
        const place = places.get(oid);
        if (!place) return [{ pointer, code: 'dangling', message: `There is no item ${oid}` }];
        if (place.rows) return [notApplicable(pointer, `${oid} is entered in rows`)];
        const first = places.get(key[0]!)?.form;
        return first === undefined || first === place.form
          ? []
          : [notApplicable(pointer, `${oid} stands on another form than ${key[0]}`)];
      }),
    ),
  ];
}

/** Checks that every item has have names of their own. */
const isBuiltIn = (check: string) => check === 'range' || check === 'required';

const notApplicable = (pointer: string, message: string): Fault => ({
  pointer,
  code: 'not-applicable',
  message,
});
