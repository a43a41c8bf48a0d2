/** Text by xml:lang, at least one; the key is empty where the document gives no language. */
export type Texts = Record<string, string>;

export interface Alias {
  context: string;
  name: string;
}
