/** Where a form stands in a casebook: visit and form keys, with their repeats. */
export interface FormAddress {
  readonly visit: string;
  readonly form: string;
}

/** An item of a form; `group` and `row` for an item of a repeated row. */
export interface ItemAddress {
  readonly item: string;
  readonly group?: string;
  readonly row?: string;
}

/** What stands on a visit or on the whole casebook has a key that is no form's. */
export const formKey = ({ visit = '', form = '' }: Partial<FormAddress>) => `${visit}/${form}`;

/** An item's key within its form. */
export const itemPath = ({ item, group, row }: ItemAddress) =>
  row === undefined ? item : `${group}/${row}/${item}`;
