// What there is to try: the examples of the project.

import broken from "../../examples/broken.yaml";
import etl from "../../examples/etl.yaml";
import nightly from "../../examples/nightly.yaml";
import pi from "../../examples/pi.yaml";

export const EXAMPLES: { title: string; text: string }[] = [
  { title: "The deadline fails the Job before its retries are used up", text: etl },
  { title: "Rejected by the API server", text: broken },
  { title: "A CronJob", text: nightly },
  { title: "A simple Job", text: pi },
];
