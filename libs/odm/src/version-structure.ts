import type { Context } from './grammar.js';
import type {
  FormDef,
  ItemGroupDef,
  MetaDataVersion,
  StudyEventGroupDef,
  StudyEventGroupRef,
  StudyEventRef,
} from './model.js';

/** Where the versions build differently. ODM 2.0 has no FormDef, and no study event outside a group. */

/** Of the group that holds, in 2.0, the study events which the protocol names directly. */
const PROTOCOL_GROUP = 'ODM.PROTOCOL.STUDYEVENTS';

/** Forms as 2.0 writes them: item groups of type Form before the others, which are sections unless they say more. */
export function formsToItemGroups(value: MetaDataVersion): MetaDataVersion {
  const forms = value.forms.map((form) => ({ ...form, type: 'Form' }));
  const others = value.itemGroups.map((group) => ({ ...group, type: group.type ?? 'Section' }));
  return { ...value, forms: [], itemGroups: [...forms, ...others] };
}

export function formsFromItemGroups(value: MetaDataVersion): MetaDataVersion {
  const forms: FormDef[] = [];
  const itemGroups: ItemGroupDef[] = [];
  for (const { type, ...group } of value.itemGroups) {
    if (type === 'Form') forms.push(group);
    else itemGroups.push(type === 'Section' || type === undefined ? group : { ...group, type });
  }
  return { ...value, forms, itemGroups };
}

export function protocolToGroup(value: MetaDataVersion): MetaDataVersion {
  const { studyEventRefs = [], ...protocol } = value.protocol ?? {};
  if (studyEventRefs.length === 0) return value;
  const group: StudyEventGroupDef = { oid: PROTOCOL_GROUP, name: 'Protocol', studyEventRefs };
  const ref: StudyEventGroupRef = { studyEventGroupOid: PROTOCOL_GROUP, mandatory: true };
  return {
    ...value,
    protocol: { ...protocol, studyEventGroupRefs: [ref, ...(protocol.studyEventGroupRefs ?? [])] },
    studyEventGroups: [group, ...(value.studyEventGroups ?? [])],
  };
}

export function protocolFromGroup(value: MetaDataVersion): MetaDataVersion {
  const { studyEventGroups = [], protocol, ...rest } = value;
  const group = studyEventGroups.find(({ oid }) => oid === PROTOCOL_GROUP);
  if (!group?.studyEventRefs || !protocol) return value;
  const { studyEventGroupRefs = [], ...others } = protocol;
  const groupRefs = studyEventGroupRefs.filter((ref) => ref.studyEventGroupOid !== PROTOCOL_GROUP);
  const groups = studyEventGroups.filter((other) => other !== group);
  return {
    ...rest,
    protocol: {
      ...others,
      studyEventRefs: group.studyEventRefs,
      ...(groupRefs.length > 0 && { studyEventGroupRefs: groupRefs }),
    },
    ...(groups.length > 0 && { studyEventGroups: groups }),
  };
}

/** For 1.3.2: the study events of the protocol's groups stand in the protocol itself. */
export function groupsToProtocol(value: MetaDataVersion, { lose }: Context): MetaDataVersion {
  const { studyEventGroups = [], protocol, ...rest } = value;
  const { studyEventGroupRefs = [], ...others } = protocol ?? {};
  if (studyEventGroups.length === 0 && studyEventGroupRefs.length === 0) return value;
  lose('ODM 1.3.2 has no groups of study events; theirs stand in the protocol', 'StudyEventGroupDef');
  const groups = new Map(studyEventGroups.map((group) => [group.oid, group]));
  const refs = new Map((others.studyEventRefs ?? []).map((ref) => [ref.studyEventOid, ref]));
  for (const ref of eventsOf(studyEventGroupRefs, groups)) {
    const { orderNumber, ...unordered } = ref;
    if (!refs.has(ref.studyEventOid)) refs.set(ref.studyEventOid, unordered);
  }
  return { ...rest, protocol: { ...others, studyEventRefs: [...refs.values()] } };
}

/** Group by group, each once, whatever circles the references make. */
function eventsOf(
  refs: readonly StudyEventGroupRef[],
  groups: Map<string, StudyEventGroupDef>,
): StudyEventRef[] {
  return refs.flatMap(({ studyEventGroupOid }) => {
    const group = groups.get(studyEventGroupOid);
    if (!group) return [];
    groups.delete(studyEventGroupOid);
    return [...(group.studyEventRefs ?? []), ...eventsOf(group.studyEventGroupRefs ?? [], groups)];
  });
}
