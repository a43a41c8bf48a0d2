import type { CompiledStudy, DateSource, Definition, Endpoint, EventSource } from '#study';

/** Every item that outcomes are computed from. */
export function itemsRead({ endpoints, milestones }: Definition): string[] {
  const { causeOfDeath, lastAlive } = milestones;
  return [...endpoints.flatMap(sourcesOf).flatMap(itemsOf), ...causeOfDeath, ...lastAlive];
}

/**
 * Whether an endpoint's rows tell the arms apart: it is one arm's, or a date or a condition that it reads
 * does. A cause of death tells them apart only by itself: several causes make one event.
 */
export function tellsArmsApart(
  endpoint: Endpoint,
  { definition, item }: Pick<CompiledStudy, 'definition' | 'item'>,
): boolean {
  const reveals = (oid: string) => item(oid)?.revealsArm === true;
  const sources = sourcesOf(endpoint);
  const singlesOutCause = sources.some(({ causes }) => causes?.length === 1);
  return (
    endpoint.arms !== undefined ||
    sources.flatMap(itemsOf).some(reveals) ||
    (singlesOutCause && definition.milestones.causeOfDeath.some(reveals))
  );
}

/**
 * OIDs of the endpoints that tell the arms apart, as any of a study's versions has them.
 *
 * @param item by which the newest version says what an item tells
 */
export function endpointsTelling(
  definitions: readonly Definition[],
  item: CompiledStudy['item'],
): ReadonlySet<string> {
  const telling = definitions.flatMap((definition) =>
    definition.endpoints.filter((endpoint) => tellsArmsApart(endpoint, { definition, item })),
  );
  return new Set(telling.map(({ oid }) => oid));
}

function sourcesOf({
  start,
  events,
  competing = [],
  censoring,
}: Endpoint): Partial<EventSource & DateSource>[] {
  return [start, ...events, ...competing, ...censoring];
}

function itemsOf({ date, ifMissing, where = {} }: Partial<DateSource>): string[] {
  return [date, ifMissing, ...Object.keys(where)].filter((item) => item !== undefined);
}
