export { AccessAuditController } from './access-audit.controller.js';
export { AUDIT_FOLLOWER, AuditController } from './audit.controller.js';
export { foldAudit } from './audit-entry.projection.js';
export type { LogFault, LogFaultKind } from './entry-checks.js';
export type { AuditLine } from './line.js';
export { LogController } from './log.controller.js';
export { type SigningKey, SigningKeys } from './signing-key.table.js';
export { readTrail } from './trail.projection.js';
export { type LogEvidence, type LogVerdict, verifyLog } from './verify.js';
