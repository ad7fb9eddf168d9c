/** Configuration of the plain program: everything that the component would work out, for all clients alike. */
export interface PlainConfig {
  /** Resource id of the DICOM service. */
  readonly scope: string;
  /** GUID of the Azure role. */
  readonly roleId: string;
  readonly secrets: readonly { readonly slot: string; readonly endDate: string }[];
  /** By the clients' names. */
  readonly displayNames: Readonly<Record<string, string>>;
}
