export type OdmVersion = '1.3.2' | '2.0';

/** The namespaces of CDISC's schemas; a document says by its root element's which version it is. */
export const namespaces: Readonly<Record<OdmVersion, string>> = {
  '1.3.2': 'http://www.cdisc.org/ns/odm/v1.3',
  '2.0': 'http://www.cdisc.org/ns/odm/v2.0',
};

/** The version of a root element in this namespace, or undefined. */
export function versionOf(namespace: string): OdmVersion | undefined {
  if (namespace === namespaces['1.3.2']) return '1.3.2';
  return namespace === namespaces['2.0'] ? '2.0' : undefined;
}
