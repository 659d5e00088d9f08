declare const brand: unique symbol;

/** A value that may not be mixed up with another of the same shape. */
export type Brand<T, Name extends string> = T & { readonly [brand]: Name };

export type ClinicId = Brand<string, "ClinicId">;
export type AccountId = Brand<string, "AccountId">;
export type BookingId = Brand<string, "BookingId">;
export type PatientId = Brand<string, "PatientId">;
export type ServiceId = Brand<string, "ServiceId">;
export type ResourceId = Brand<string, "ResourceId">;
/** A practitioner is a resource and shares its id. */
export type PractitionerId = ResourceId;

/** Marks a string as a clinic's id. Shape is checked at the edge. */
export const clinicId = (id: string): ClinicId => id as ClinicId;
/** Marks a string as an account's id. */
export const accountId = (id: string): AccountId => id as AccountId;
/** Marks a string as a booking's id. */
export const bookingId = (id: string): BookingId => id as BookingId;
/** Marks a string as a patient's id. */
export const patientId = (id: string): PatientId => id as PatientId;
/** Marks a string as a service's id. */
export const serviceId = (id: string): ServiceId => id as ServiceId;
/** Marks a string as a resource's id. */
export const resourceId = (id: string): ResourceId => id as ResourceId;
/** Marks a string as a practitioner's id. */
export const practitionerId = (id: string): PractitionerId => id as PractitionerId;
