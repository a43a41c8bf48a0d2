import type { showHeld } from '#casebook';
import type { CompiledItem } from '#study';

/** A value as a reader may see it. */
export type Shown = ReturnType<typeof showHeld>;

const maskedTexts = {
  identifying: '(identifying, not shown)',
  blinded: '(blinded, not shown)',
  erased: '(erased)',
};

/** A value in words: with its unit, codes by their labels, free text in quotation marks. */
export function valueText({ value, missing, masked }: Shown, item: CompiledItem): string {
  if (masked) return maskedTexts[masked];
  if (missing !== null) return missing.replaceAll('-', ' ');
  if (value === null) return 'nothing';
  if (Array.isArray(value)) return value.map((code) => label(code, item)).join(', ') || 'none of them';
  if (item.codes) return label(value, item);
  if (item.type === 'text') return quoted(value);
  return item.unit === undefined ? String(value) : `${value} ${item.unit}`;
}

/** Somebody's own words, told apart from ours. */
export function quoted(text: unknown): string {
  return `“${text}”`;
}

function label(code: unknown, item: CompiledItem): string {
  return item.codes?.get(String(code)) ?? String(code);
}
