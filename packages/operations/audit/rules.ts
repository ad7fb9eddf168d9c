/** How bad it is, worst first. */
export const severities = ["critical", "high", "medium", "low"] as const;
export type Severity = (typeof severities)[number];

/** Something that an audit may find. */
export interface Rule {
  readonly severity: Severity;
  /** What it is, as a headline. */
  readonly title: string;
  /** Why it matters, in one line. */
  readonly why: string;
}

const persistence =
  "Whoever knows it can read every study that the client may, without a user and without a second factor (MITRE ATT&CK T1098.001).";
const outage = "Consumers are refused, or will be at the next sign-in.";

/** Everything that an audit may find, by its stable id. */
export const rules = {
  "client-not-deployed": {
    severity: "medium",
    title: "Declared client that has not been deployed",
    why: "Nobody can use it yet.",
  },
  "client-not-declared": {
    severity: "medium",
    title: "Deployed client that is not declared any more",
    why: "It works on until the stack is deployed again.",
  },
  "part-not-deployed": {
    severity: "high",
    title: "Declared part that is not in the state",
    why: "A deployment has failed half-way, or the state has lost it: the client does not work as declared, and what lives is managed by nobody.",
  },
  "recreated-by-hand": {
    severity: "medium",
    title: "Declared object under another id",
    why: "Somebody has deleted the deployed one and made it anew: nothing more is given, but the next update collides with it.",
  },
  "object-changed": {
    severity: "critical",
    title: "Another object in the place of the deployed one",
    why: "Whatever is granted to it is granted to somebody else than declared.",
  },
  "change-pending": {
    severity: "low",
    title: "Configuration that has not been deployed",
    why: "What is declared is not what is in force.",
  },
  "rotation-due": {
    severity: "medium",
    title: "Rotation that is due",
    why: "The schedule has a newer secret for today; the old one will end without a successor.",
  },
  "application-missing": {
    severity: "high",
    title: "Application that is gone",
    why: "The client gets no token any more; a deleted application can be restored for 30 days.",
  },
  "service-principal-missing": {
    severity: "high",
    title: "Service principal that is gone",
    why: "The client gets no token any more, and its roles point at nobody.",
  },
  "service-principal-disabled": {
    severity: "high",
    title: "Service principal that is disabled",
    why: "The client gets no token any more; somebody may have had a reason.",
  },
  "service-principal-enabled": {
    severity: "high",
    title: "Service principal that is enabled",
    why: "The client gets tokens although it is declared not to.",
  },
  "property-changed": {
    severity: "medium",
    title: "Property that was changed by hand",
    why: "The client is not what was reviewed and deployed: who gets a token, as what and from where follows from it.",
  },
  "secret-undeclared": { severity: "critical", title: "Undeclared secret", why: persistence },
  "secret-changed": {
    severity: "critical",
    title: "Secret that bears a declared id",
    why: `It is not the deployed one. ${persistence}`,
  },
  "secret-missing": { severity: "high", title: "Secret that is gone", why: outage },
  "certificate-undeclared": { severity: "critical", title: "Undeclared certificate", why: persistence },
  "certificate-changed": {
    severity: "critical",
    title: "Certificate that bears a declared id",
    why: `It is not the deployed one. ${persistence}`,
  },
  "certificate-unproved": {
    severity: "medium",
    title: "Certificate whose key could not be compared",
    why: "An id can be chosen by whoever may write; the key alone proves that it is the declared certificate.",
  },
  "certificate-missing": { severity: "high", title: "Certificate that is gone", why: outage },
  "certificate-twice": {
    severity: "low",
    title: "Certificate that is registered twice",
    why: "A deployment that was cut off leaves a second entry behind; it stays when the declared one is replaced.",
  },
  "federated-credential-undeclared": {
    severity: "critical",
    title: "Undeclared federated credential",
    why: "Whoever controls the issuer can act as the client, without any secret that could expire.",
  },
  "federated-credential-missing": {
    severity: "high",
    title: "Federated credential that is gone",
    why: outage,
  },
  "federated-credential-changed": {
    severity: "critical",
    title: "Federated credential that was changed",
    why: "Another workload than the declared one can act as the client.",
  },
  "federated-subject-recyclable": {
    severity: "medium",
    title: "Trust in a repository by its name alone",
    why: "A name can be taken over when a repository or its owner is renamed or deleted; whoever has it then can act as the client.",
  },
  "federated-subject-wildcard": {
    severity: "medium",
    title: "Subject with a wildcard",
    why: "Entra compares it letter by letter, so nobody can sign in with it, and it is not known for what it was meant.",
  },
  "federated-issuer-retiring": {
    severity: "medium",
    title: "Issuer that retires",
    why: "Pipelines are refused from that day on.",
  },
  "federated-audience-of-other-cloud": {
    severity: "medium",
    title: "Audience of another cloud",
    why: "Workloads ask for tokens with the audience of this cloud, which are refused.",
  },
  "principal-secret": {
    severity: "critical",
    title: "Secret on the service principal itself",
    why: `The portal does not show it. ${persistence}`,
  },
  "principal-certificate": {
    severity: "critical",
    title: "Certificate on the service principal itself",
    why: `The portal does not show it. ${persistence}`,
  },
  "consumer-not-moved": {
    severity: "high",
    title: "Consumer that still uses the previous secret",
    why: "It is refused from the end of the overlap on, although a newer secret has been issued.",
  },
  "credential-expiring": {
    severity: "medium",
    title: "Credential that ends soon",
    why: "Consumers are refused from its end on.",
  },
  "credential-expired": {
    severity: "medium",
    title: "Credential that has ended",
    why: "Consumers that still use it are refused; the leftover hides what is in use.",
  },
  "credential-long-lived": {
    severity: "medium",
    title: "Credential that lives too long",
    why: "The longer a credential lives, the longer a leak is of use.",
  },
  "owner-undeclared": {
    severity: "high",
    title: "Undeclared owner",
    why: "An owner can add credentials, and so read every study that the client may.",
  },
  "owner-missing": {
    severity: "medium",
    title: "Owner that is gone",
    why: "Without the deploying identity among the owners, the stack cannot be deployed any more.",
  },
  "consent-undeclared": {
    severity: "high",
    title: "Undeclared consent",
    why: "The application may act for users at an API that nobody has declared.",
  },
  "consent-missing": {
    severity: "medium",
    title: "Consent that is gone",
    why: "Users of the application are asked for consent, or refused.",
  },
  "consent-pending": {
    severity: "low",
    title: "Consent that an administrator has yet to give",
    why: "The configuration leaves the consent to an administrator.",
  },
  "consent-changed": {
    severity: "critical",
    title: "Consent to something else than declared",
    why: "The application may do more, or less, for users than declared.",
  },
  "app-role-undeclared": {
    severity: "critical",
    title: "Undeclared application permission",
    why: "The client may use another API without any user; some permissions give power over the tenant.",
  },
  "app-role-changed": {
    severity: "critical",
    title: "Application permission that bears a declared id",
    why: "The client, or somebody else, may use another API, or more of it, than declared.",
  },
  "app-role-missing": {
    severity: "medium",
    title: "Application permission that is gone",
    why: "The API refuses the client.",
  },
  "directory-role": {
    severity: "critical",
    title: "Directory role",
    why: "The client may administer the tenant; none is ever declared.",
  },
  "group-membership": {
    severity: "high",
    title: "Group membership",
    why: "The client has whatever the group is given; none is ever declared.",
  },
  "azure-role-undeclared": {
    severity: "high",
    title: "Undeclared Azure role",
    why: "The client reaches data or resources that nobody has declared.",
  },
  "azure-role-changed": {
    severity: "critical",
    title: "Azure role that bears a declared id",
    why: "Another role, for somebody else, elsewhere or within another condition than declared.",
  },
  "azure-role-missing": {
    severity: "high",
    title: "Azure role that is gone",
    why: "The DICOM service refuses the client with 403.",
  },
  "leftover-temporary-name": {
    severity: "medium",
    title: "Temporary name that was left behind",
    why: "An update was interrupted between renaming the application for its check and naming it back.",
  },
  "leftover-namesake": {
    severity: "medium",
    title: "Another application of the same name",
    why: "A deployment whose answer was lost leaves one behind. It can be taken for the client, and an owner can give it credentials.",
  },
  "leftover-deleted-namesake": {
    severity: "low",
    title: "Deleted application of the same name",
    why: "It can be restored for 30 days, with all its credentials and consents.",
  },
  "leftover-role-assignment": {
    severity: "low",
    title: "Azure role of a principal that does not exist",
    why: "It gives nothing, but makes a role assignment of the same name fail.",
  },
  "suppression-unbound": {
    severity: "medium",
    title: "Suppression that names no severity and no content",
    why: "It would hide whatever comes to bear the same id, so it hides nothing.",
  },
  "suppression-changed": {
    severity: "medium",
    title: "Suppression of something else",
    why: "What was accepted is not there any more; what is there now was never accepted.",
  },
  "suppression-unused": {
    severity: "low",
    title: "Suppression of nothing",
    why: "What it was for is gone; it would hide the same finding if that came back.",
  },
  "suppression-expired": {
    severity: "medium",
    title: "Suppression that has expired",
    why: "It hides nothing any more; what it was for is reported again.",
  },
  "suppression-expiring": {
    severity: "low",
    title: "Suppression that expires soon",
    why: "What it is for will be reported again.",
  },
} as const satisfies Readonly<Record<string, Rule>>;

export type RuleId = keyof typeof rules;

/** All ids, in the order of the list. */
export const ruleIds = Object.keys(rules) as readonly RuleId[];
