import type { OpenSite } from '#study';

const centresByCountry = {
  FR: 6,
  DE: 5,
  IT: 4,
  GB: 4,
  ES: 3,
  NL: 3,
  SE: 3,
  NO: 2,
  DK: 2,
  BE: 2,
  AT: 2,
  CH: 2,
  PL: 1,
  PT: 1,
} as const;

const colours = ['Amber', 'Azure', 'Copper', 'Emerald', 'Ivory', 'Scarlet', 'Silver', 'Violet'];
const places = ['Lake', 'Hill', 'Bridge', 'Harbour', 'Meadow'];

/** The forty centres of the simulated trial. Their names are invented and say so. */
export const trialSites: readonly OpenSite[] = Object.entries(centresByCountry)
  .flatMap(([country, centres]) =>
    Array.from({ length: centres }, (_, i) => ({
      country,
      site: `${country}${String(i + 1).padStart(2, '0')}`,
    })),
  )
  .map(({ site, country }, i) => ({
    site,
    name: `${colours[i % colours.length]} ${places[i % places.length]} Hospital (simulated)`,
    country,
  }));
