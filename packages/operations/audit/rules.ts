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
  "Anyone who knows it can read every study that the client can, with no user and no second factor (MITRE ATT&CK T1098.001).";
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
    why: "It keeps working until the stack is deployed again.",
  },
  "part-not-deployed": {
    severity: "high",
    title: "Declared part that is not in the state",
    why: "A deployment failed half-way, or the state lost it: the client may not work as declared, and what exists is not managed.",
  },
  "recreated-by-hand": {
    severity: "medium",
    title: "Declared object under another id",
    why: "Somebody deleted the deployed one and created it again: it grants nothing more, but the next update will conflict with it.",
  },
  "object-changed": {
    severity: "critical",
    title: "Another object in place of the deployed one",
    why: "Whatever it is granted goes to something other than what was declared.",
  },
  "change-pending": {
    severity: "low",
    title: "Configuration that has not been deployed",
    why: "What is declared is not what is in force.",
  },
  "rotation-due": {
    severity: "medium",
    title: "Rotation that is due",
    why: "The schedule calls for a newer secret today; the old one will expire without a successor.",
  },
  "application-missing": {
    severity: "high",
    title: "Application that is missing",
    why: "The client can no longer get a token; a deleted application can be restored for 30 days.",
  },
  "service-principal-missing": {
    severity: "high",
    title: "Service principal that is missing",
    why: "The client can no longer get a token, and its roles point at nothing.",
  },
  "service-principal-disabled": {
    severity: "high",
    title: "Service principal that is disabled",
    why: "The client can no longer get a token; somebody may have had a reason.",
  },
  "property-changed": {
    severity: "medium",
    title: "Property that was changed by hand",
    why: "The client is not what was reviewed and deployed: this property affects who gets a token, as what, and from where.",
  },
  "secret-undeclared": { severity: "critical", title: "Undeclared secret", why: persistence },
  "secret-changed": {
    severity: "critical",
    title: "Secret with a declared id but other content",
    why: `It is not the deployed one. ${persistence}`,
  },
  "secret-missing": { severity: "high", title: "Secret that is missing", why: outage },
  "certificate-undeclared": { severity: "critical", title: "Undeclared certificate", why: persistence },
  "certificate-changed": {
    severity: "critical",
    title: "Certificate with a declared id but other content",
    why: `It is not the deployed one. ${persistence}`,
  },
  "certificate-unproved": {
    severity: "medium",
    title: "Certificate whose key could not be compared",
    why: "Anyone with write access can choose an id; only the key proves that it is the declared certificate.",
  },
  "certificate-unusable": {
    severity: "medium",
    title: "Certificate with a key that Entra does not use",
    why: "It can be registered, but every sign-in with it is refused: whoever has the key waits for an access that never works.",
  },
  "certificate-missing": { severity: "high", title: "Certificate that is missing", why: outage },
  "certificate-twice": {
    severity: "low",
    title: "Certificate that is registered twice",
    why: "An interrupted deployment leaves a second entry behind, which stays when the declared one is replaced.",
  },
  "federated-credential-undeclared": {
    severity: "critical",
    title: "Undeclared federated credential",
    why: "Anyone who controls the issuer can act as the client, with no secret that could expire.",
  },
  "federated-credential-missing": {
    severity: "high",
    title: "Federated credential that is missing",
    why: outage,
  },
  "federated-credential-changed": {
    severity: "critical",
    title: "Federated credential that was changed",
    why: "A workload other than the declared one can act as the client.",
  },
  "federated-subject-recyclable": {
    severity: "medium",
    title: "Trust in a repository by its name only",
    why: "A name becomes free when a repository or its owner is renamed or deleted; anyone who takes it can act as the client.",
  },
  "federated-subject-wildcard": {
    severity: "medium",
    title: "Subject with a wildcard",
    why: "Entra compares it character by character, so nobody can sign in with it, and its intent is unknown.",
  },
  "federated-claims-broad": {
    severity: "high",
    title: "Claims matching that reaches further than one repository",
    why: "Jobs that nobody has reviewed, or other people's, can act as the client.",
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
    title: "Credential that expires soon",
    why: "Consumers are refused once it expires.",
  },
  "credential-expired": {
    severity: "medium",
    title: "Credential that has expired",
    why: "Consumers that still use it are refused; leftovers obscure what is in use.",
  },
  "credential-long-lived": {
    severity: "medium",
    title: "Credential that lives too long",
    why: "The longer a credential is valid, the longer a leak can be exploited.",
  },
  "owner-undeclared": {
    severity: "high",
    title: "Undeclared owner",
    why: "An owner can add credentials, and so read every study that the client can.",
  },
  "owner-missing": {
    severity: "medium",
    title: "Owner that is missing",
    why: "Without the deploying identity among the owners, the stack can no longer be deployed.",
  },
  "consent-undeclared": {
    severity: "high",
    title: "Undeclared consent",
    why: "The application may act on behalf of users at an API that nobody has declared.",
  },
  "consent-missing": {
    severity: "medium",
    title: "Consent that is missing",
    why: "Users of the application are asked for consent, or refused.",
  },
  "consent-pending": {
    severity: "low",
    title: "Consent that an administrator has yet to give",
    why: "The configuration leaves consent to an administrator.",
  },
  "consent-changed": {
    severity: "critical",
    title: "Consent to something other than what is declared",
    why: "The application may do more, or less, on behalf of users than declared.",
  },
  "app-role-undeclared": {
    severity: "critical",
    title: "Undeclared application permission",
    why: "The client can use another API without a user; some permissions give control of the tenant.",
  },
  "app-role-changed": {
    severity: "critical",
    title: "Application permission with a declared id but other content",
    why: "The client, or something else, can use another API, or more of it, than declared.",
  },
  "app-role-missing": {
    severity: "medium",
    title: "Application permission that is missing",
    why: "The API refuses the client.",
  },
  "directory-role": {
    severity: "critical",
    title: "Directory role",
    why: "The client can administer the tenant; directory roles are never declared.",
  },
  "group-membership": {
    severity: "high",
    title: "Group membership",
    why: "The client has whatever the group is granted; group memberships are never declared.",
  },
  "azure-role-undeclared": {
    severity: "high",
    title: "Undeclared Azure role",
    why: "The client reaches data or resources that nobody has declared.",
  },
  "azure-role-changed": {
    severity: "critical",
    title: "Azure role with a declared id but other content",
    why: "A different role, principal, scope or condition than declared.",
  },
  "azure-role-broad": {
    severity: "high",
    title: "Declared Azure role that allows more than DICOM data",
    why: "The configuration names a custom role by its id; whoever manages the role decides what the client may do.",
  },
  "azure-role-missing": {
    severity: "high",
    title: "Azure role that is missing",
    why: "The DICOM service refuses the client with 403.",
  },
  "policy-attached": {
    severity: "high",
    title: "Policy attached to the client",
    why: "It changes what the client's tokens say, how long they last or which credentials it may have; none is ever declared.",
  },
  "leftover-temporary-name": {
    severity: "medium",
    title: "Temporary name that was left behind",
    why: "A deployment was interrupted while the application had a temporary name for a check; an owner can give it credentials.",
  },
  "leftover-namesake": {
    severity: "medium",
    title: "Another application of the same name",
    why: "A deployment whose response was lost leaves one behind. It can be mistaken for the client, and an owner can give it credentials.",
  },
  "leftover-deleted-namesake": {
    severity: "low",
    title: "Deleted application of the same name",
    why: "It and its service principal can be restored for 30 days, with all credentials and consents.",
  },
  "leftover-role-assignment": {
    severity: "low",
    title: "Azure role of a principal that does not exist",
    why: "It grants nothing, but makes a role assignment of the same name fail.",
  },
  "suppression-unbound": {
    severity: "medium",
    title: "Suppression that names no severity and no content",
    why: "It would hide whatever gets the same id later, so it hides nothing.",
  },
  "suppression-changed": {
    severity: "medium",
    title: "Suppression of something that has changed",
    why: "What was accepted no longer exists; what exists now was never accepted.",
  },
  "suppression-unused": {
    severity: "low",
    title: "Suppression without a finding",
    why: "Its finding is gone; it would hide the same finding if it came back.",
  },
  "suppression-expired": {
    severity: "medium",
    title: "Suppression that has expired",
    why: "It no longer hides anything; its finding is reported again.",
  },
  "suppression-expiring": {
    severity: "low",
    title: "Suppression that expires soon",
    why: "Its finding will be reported again.",
  },
} as const satisfies Readonly<Record<string, Rule>>;

export type RuleId = keyof typeof rules;

/** All ids, in the order of the list. */
export const ruleIds = Object.keys(rules) as readonly RuleId[];
