/* Statements of one launch, put together from the profile in the page's data. */

/* A random UUID (RFC 9562, version 4); crypto.randomUUID is missing where an LMS still serves plain http. */
export function uuid() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}

const activity = (id, definition) => ({ objectType: "Activity", id, ...(definition ? { definition } : {}) });
const list = (one) => (Array.isArray(one) ? one : one ? [one] : []);

/* `around` gives the context activities that a standard adds for a verb: { category: [id], … }. */
export function wording(profile, launch, around) {
  const { package: id, version } = document.body.dataset;
  const { modules, decisions, selfAssessment } = profile.activities;

  /* What the LMS put into the context stays as it is; ours is added. */
  function context(verb, more) {
    const template = JSON.parse(JSON.stringify(launch.template));
    const activities = { ...template.contextActivities };
    [around(verb, profile), more].forEach((added) => Object.entries(added).forEach(([kind, ids]) => {
      const there = list(activities[kind]);
      activities[kind] = [...there, ...ids.filter((one) => there.every((other) => other.id !== one)).map((one) => activity(one))];
    }));
    return {
      ...template,
      ...(launch.registration ? { registration: launch.registration } : {}),
      ...(Object.keys(activities).length ? { contextActivities: activities } : {}),
      extensions: { [profile.extensions.version]: version, ...template.extensions }
    };
  }
  const statement = (verb, object, { id: own = uuid(), result, within = {} } = {}) => ({
    id: own, actor: launch.actor, verb: profile.verbs[verb], object, ...(result ? { result } : {}),
    context: context(verb, within), timestamp: new Date().toISOString()
  });
  /* In a course's package an act says which module it was in. */
  const moduleOf = (act) => modules + (act.module || id);
  const within = (act) => ({ parent: [act.module ? moduleOf(act) : launch.activity] });

  return {
    ofAll: (verb, more) => statement(verb, activity(launch.activity), more),
    answered: (act) => statement("answered",
      activity(moduleOf(act) + decisions + act.chose.moment, { type: profile.types.decision, interactionType: "choice" }),
      { result: { response: act.chose.choice }, within: within(act) }),
    rated: (act) => statement("rated",
      activity(moduleOf(act) + selfAssessment, { type: profile.types.selfAssessment }),
      { result: { extensions: { [profile.extensions.ratings]: { [act.rated.role]: act.rated.counts } } }, within: within(act) })
  };
}
