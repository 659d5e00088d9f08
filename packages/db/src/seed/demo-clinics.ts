/** What the demo is made of. Everything here is invented; phone numbers and domains lead nowhere. */

type DemoService = { name: string; minutes: number; bufferAfter: number; priceCents: bigint };
export type DemoPractitioner = { name: string; registrationNumber: string; services: string[]; days: DemoDay[] };
/** ISO weekdays and windows in minutes of the day. */
type DemoDay = { weekdays: number[]; windows: { from: number; to: number }[] };
export type DemoClinic = {
  slug: string;
  name: string;
  phone: string;
  email: string;
  about: string;
  location: { name: string; address: string };
  cancelUntilMinutes: number;
  services: DemoService[];
  practitioners: DemoPractitioner[];
};

const hour = 60;
const weekdays = [1, 2, 3, 4, 5];
const fullDay = [
  { from: 8 * hour, to: 12 * hour },
  { from: 13 * hour, to: 17 * hour },
];

export const sunrise: DemoClinic = {
  slug: "sunrise",
  name: "Sunrise Clinic",
  phone: "+27 21 555 0142",
  email: "hello@sunrise.demo",
  about: "Family doctors and a nurse practitioner in Observatory, Cape Town. Walk past the bakery; we are upstairs.",
  location: { name: "Observatory rooms", address: "14 Trill Road, Observatory, Cape Town, 7925" },
  cancelUntilMinutes: 120,
  services: [
    { name: "GP consultation", minutes: 20, bufferAfter: 0, priceCents: 52_000n },
    { name: "Long consultation", minutes: 40, bufferAfter: 5, priceCents: 89_000n },
    { name: "Travel vaccination", minutes: 15, bufferAfter: 5, priceCents: 38_500n },
  ],
  practitioners: [
    {
      name: "Dr Naledi Mokoena",
      registrationNumber: "MP 0612345",
      services: ["GP consultation", "Long consultation"],
      days: [{ weekdays, windows: fullDay }],
    },
    {
      name: "Dr Pieter van Wyk",
      registrationNumber: "MP 0587712",
      services: ["GP consultation", "Long consultation", "Travel vaccination"],
      days: [
        {
          weekdays: [1, 2, 4, 5],
          windows: [
            { from: 9 * hour, to: 13 * hour },
            { from: 14 * hour, to: 18 * hour },
          ],
        },
        { weekdays: [6], windows: [{ from: 9 * hour, to: 12 * hour }] },
      ],
    },
    {
      name: "Sr Ayesha Khan",
      registrationNumber: "SANC 15338801",
      services: ["GP consultation", "Travel vaccination"],
      days: [
        { weekdays, windows: [{ from: 8 * hour, to: 13 * hour }] },
        { weekdays: [7], windows: [{ from: 9 * hour, to: 13 * hour }] },
      ],
    },
  ],
};

export const harbour: DemoClinic = {
  slug: "harbour",
  name: "Harbour Family Practice",
  phone: "+27 31 555 0187",
  email: "hello@harbour.demo",
  about: "General practice on the Point, Durban.",
  location: { name: "Point rooms", address: "3 Signal Road, Point, Durban, 4001" },
  cancelUntilMinutes: 240,
  services: [
    { name: "Consultation", minutes: 30, bufferAfter: 0, priceCents: 61_000n },
    { name: "Blood pressure check", minutes: 15, bufferAfter: 0, priceCents: 18_000n },
  ],
  practitioners: [
    {
      name: "Dr Thandiwe Dlamini",
      registrationNumber: "MP 0633478",
      services: ["Consultation", "Blood pressure check"],
      days: [{ weekdays, windows: fullDay }],
    },
    {
      name: "Dr Kavitha Naidoo",
      registrationNumber: "MP 0598821",
      services: ["Consultation"],
      days: [{ weekdays: [2, 3, 5], windows: [{ from: 8 * hour, to: 14 * hour }] }],
    },
  ],
};

export const patientNames = [
  "Sipho Nkosi",
  "Lerato Molefe",
  "Johan Botha",
  "Zanele Khumalo",
  "Fatima Davids",
  "Thabo Maseko",
  "Annelie Joubert",
  "Bongani Zulu",
  "Priya Pillay",
  "Mandla Ndlovu",
  "Nomvula Sithole",
  "Riaan Steyn",
  "Palesa Mahlangu",
  "Yusuf Adams",
  "Lindiwe Cele",
  "Kagiso Modise",
  "Michelle Petersen",
  "Themba Mthembu",
  "Refilwe Tau",
  "Suren Govender",
  "Anele Mabaso",
  "Chantel Jacobs",
  "Vusi Radebe",
  "Marlene Fourie",
] as const;

export const demoLogins = {
  owner: {
    what: "Owner of Sunrise Clinic",
    email: "owner@sunrise.demo",
    password: "pulsecal demo owner",
    name: "Naledi Mokoena",
  },
  reception: {
    what: "Reception of Sunrise Clinic",
    email: "reception@sunrise.demo",
    password: "pulsecal demo reception",
    name: "Lwazi Jacobs",
  },
  harbour: {
    what: "Owner of Harbour Practice",
    email: "owner@harbour.demo",
    password: "pulsecal demo harbour",
    name: "Thandiwe Dlamini",
  },
  admin: { what: "Console", email: "admin@pulsecal.demo", password: "pulsecal demo admin", name: "Demo Admin" },
} as const;
