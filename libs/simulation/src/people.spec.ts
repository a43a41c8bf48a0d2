import { describe, expect, it } from 'vitest';
import { roles } from '#access';
import { trialPeople } from './people.js';
import { trialSites } from './sites.js';

describe('the people of the simulated trial', () => {
  it('are at least one a role', () => {
    expect(new Set(trialPeople.map((person) => person.role))).toEqual(new Set(roles));
  });

  it('are an investigator and a coordinator at each site, and nobody else at one site', () => {
    for (const { site } of trialSites) {
      const own = trialPeople.filter(({ sites }) => sites !== 'all' && sites.includes(site));
      expect(own.map((person) => person.role).sort()).toEqual(['coordinator', 'investigator']);
    }
  });

  it('are a blinded and an unblinded statistician', () => {
    const statisticians = trialPeople.filter((person) => person.role === 'statistician');
    expect(statisticians.map((person) => person.unblinded).sort()).toEqual([false, true]);
  });

  it('have addresses of their own to which nothing can be sent', () => {
    expect(new Set(trialPeople.map((person) => person.email)).size).toBe(trialPeople.length);
    for (const { email } of trialPeople) expect(email).toMatch(/^[a-z0-9.-]+@demo\.daybook\.invalid$/);
  });
});

describe('the sites', () => {
  it('are forty, in a dozen countries or more, each with a name of its own', () => {
    expect(trialSites).toHaveLength(40);
    expect(new Set(trialSites.map((site) => site.country)).size).toBeGreaterThanOrEqual(12);
    expect(new Set(trialSites.map((site) => site.name)).size).toBe(40);
    for (const { site, country } of trialSites) expect(site).toMatch(new RegExp(`^${country}\\d\\d$`));
  });
});
