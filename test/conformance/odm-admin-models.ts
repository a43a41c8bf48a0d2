import fc from 'fast-check';
import type { AdminData, OdmVersion } from '#odm';
import { list, name, some, text, where } from './arbitraries.js';

type Versions = readonly OdmVersion[];

export function adminData(versions: Versions): fc.Arbitrary<AdminData> {
  const both = versions.length > 1;
  const user = some(
    { oid: name },
    {
      userType: fc.constantFrom('Sponsor', 'Other', ...(versions.includes('2.0') ? ['Monitor'] : [])),
      userName: text,
      fullName: text,
      givenName: text,
      familyName: text,
      locationOids: versions.includes('1.3.2') ? list(name) : name.map((value) => [value]),
      ...where('1.3.2', versions, { displayName: text, organization: text }),
    },
  );
  const effective = some({
    studyOid: name,
    metaDataVersionOid: name,
    effectiveDate: fc.constant('2026-01-31'),
  });
  const location = some(
    { oid: name, name, metaDataVersions: list(effective) },
    { role: both || versions.includes('2.0') ? text : fc.constantFrom('Site', 'CRO') },
  );
  const signatureDef = some(
    { oid: name, meaning: text, legalReason: text },
    { methodology: fc.constantFrom('Digital', 'Electronic') },
  );
  return some(
    {},
    {
      studyOid: name,
      users: list(user, 'oid'),
      locations: list(location, 'oid'),
      signatureDefs: list(signatureDef, 'oid'),
    },
  );
}
