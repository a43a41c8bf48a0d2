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

export const formKey = ({ visit, form }: FormAddress) => `${visit}/${form}`;

/** An item's key within its form. */
export const itemPath = ({ item, group, row }: ItemAddress) =>
  row === undefined ? item : `${group}/${row}/${item}`;
