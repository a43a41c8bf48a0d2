import { foldAudit } from '#audit';
import { foldIdentity, foldVerification, type SubjectKeys } from '#casebook';
import type { Follows, Streams } from '#commands';
import { foldProgress } from '#monitoring';
import { foldOutcomes } from '#outcomes';
import type { Studies } from '#study';

interface FollowSources {
  readonly streams: Streams;
  readonly studies: Studies;
  readonly subjectKeys: SubjectKeys;
}

/** Everything that follows the logs, by the follower's name. */
export function followsOf({ streams, studies, subjectKeys }: FollowSources) {
  return {
    outcomes: { tables: ['outcome'], fold: foldOutcomes(studies) },
    audit: { tables: ['audit_entry'], fold: foldAudit() },
    verification: { tables: ['verification'], fold: foldVerification(streams, studies) },
    progress: { tables: ['progress', 'progress_sum'], fold: foldProgress(streams, studies) },
    identity: { tables: ['subject_fingerprint'], fold: foldIdentity(studies, subjectKeys) },
  } satisfies Record<string, Follows>;
}
