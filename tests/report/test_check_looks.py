"""Each format of `check` as it looks, for one finding."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from inline_snapshot import snapshot

from tests.cli.run import joblint

JOB = """\
apiVersion: batch/v1
kind: Job
metadata:
  name: {name}
  namespace: shop
spec:
  backoffLimit: 6
  activeDeadlineSeconds: 300
  template:
    spec:
      restartPolicy: Never
      containers:
      - name: main
        image: perl:5.34.0
"""
REFUSED = JOB.format(name="pi").replace("      restartPolicy: Never\n", "")

STREAM = f"---\n# Source: chart/templates/job.yaml\n{REFUSED}---\n{JOB.format(name='zahlen')}---\nkind: Service\napiVersion: v1\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / ".git").mkdir()
    (tmp_path / "jobs").mkdir()
    (tmp_path / "jobs/stream.yaml").write_text(STREAM)
    return tmp_path


def test_how_they_look(folder: Path) -> None:
    def look(format: str) -> str:
        out = joblint("check", "--format", format, "--select", "JL101", "jobs/stream.yaml", cwd=folder).stdout.decode()
        return re.sub(r'("semanticVersion": |"(?:fingerprint|joblint/v1|primaryLocationLineHash)": )"[^"]*"', r'\1"…"', out)

    assert look("sarif") == snapshot("""\
{
 "$schema": "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json",
 "version": "2.1.0",
 "runs": [
  {
   "tool": {
    "driver": {
     "name": "joblint",
     "semanticVersion": "…",
     "informationUri": "https://github.com/joblint/joblint",
     "rules": [
      {
       "id": "JL101",
       "name": "restart-policy-required",
       "shortDescription": {
        "text": "A Job's Pod template needs a restartPolicy"
       },
       "fullDescription": {
        "text": "A Pod template without restartPolicy defaults to Always, which a Job does not allow."
       },
       "help": {
        "text": "A Pod template without restartPolicy defaults to Always, which a Job does not allow.\\n\\nrestartPolicy: Never      # each attempt is a new Pod; the logs of all attempts are kept\\nrestartPolicy: OnFailure  # or: restarts the container; at backoffLimit the Pod and its logs are deleted",
        "markdown": "A Pod template without restartPolicy defaults to Always, which a Job does not allow.\\n\\n## How to fix it\\n\\n```yaml\\nrestartPolicy: Never      # each attempt is a new Pod; the logs of all attempts are kept\\nrestartPolicy: OnFailure  # or: restarts the container; at backoffLimit the Pod and its logs are deleted\\n```\\n\\n## References\\n\\n- <https://kubernetes.io/docs/concepts/workloads/controllers/job/#pod-template>\\n"
       },
       "defaultConfiguration": {
        "level": "error"
       },
       "properties": {
        "precision": "very-high",
        "tags": [
         "kubernetes",
         "job"
        ]
       },
       "helpUri": "https://github.com/joblint/joblint/blob/main/docs/rules/JL101.md"
      }
     ]
    }
   },
   "automationDetails": {
    "id": "joblint/1.37/"
   },
   "columnKind": "unicodeCodePoints",
   "invocations": [
    {
     "executionSuccessful": true,
     "toolExecutionNotifications": []
    }
   ],
   "results": [
    {
     "ruleId": "JL101",
     "ruleIndex": 0,
     "level": "error",
     "message": {
      "text": "The API server rejects this Job: spec.template.spec.restartPolicy is required: \\"OnFailure\\" or \\"Never\\"."
     },
     "locations": [
      {
       "physicalLocation": {
        "artifactLocation": {
         "uri": "jobs/stream.yaml",
         "uriBaseId": "%SRCROOT%"
        },
        "region": {
         "startLine": 12,
         "startColumn": 5,
         "endLine": 12,
         "endColumn": 9,
         "snippet": {
          "text": "spec"
         }
        },
        "contextRegion": {
         "startLine": 11,
         "endLine": 13,
         "snippet": {
          "text": "  template:\\n    spec:\\n      containers:"
         }
        }
       },
       "message": {
        "text": "restartPolicy is missing here"
       },
       "logicalLocations": [
        {
         "name": "pi",
         "fullyQualifiedName": "Job/shop/pi/spec.template.spec.restartPolicy",
         "kind": "object"
        }
       ]
      }
     ],
     "partialFingerprints": {
      "joblint/v1": "…",
      "primaryLocationLineHash": "…"
     },
     "properties": {
      "confidence": "certain",
      "field": "spec.template.spec.restartPolicy"
     },
     "relatedLocations": [
      {
       "id": 1,
       "message": {
        "text": "Job shop/pi"
       },
       "physicalLocation": {
        "artifactLocation": {
         "uri": "jobs/stream.yaml",
         "uriBaseId": "%SRCROOT%"
        },
        "region": {
         "startLine": 3
        }
       }
      },
      {
       "id": 2,
       "message": {
        "text": "rendered from chart/templates/job.yaml"
       },
       "physicalLocation": {
        "artifactLocation": {
         "uri": "chart/templates/job.yaml",
         "uriBaseId": "%SRCROOT%"
        }
       }
      }
     ],
     "fixes": [
      {
       "description": {
        "text": "restartPolicy: Never (unsafe: changes behavior)"
       },
       "artifactChanges": [
        {
         "artifactLocation": {
          "uri": "jobs/stream.yaml",
          "uriBaseId": "%SRCROOT%"
         },
         "replacements": [
          {
           "deletedRegion": {
            "startLine": 13,
            "startColumn": 7,
            "endLine": 13,
            "endColumn": 7
           },
           "insertedContent": {
            "text": "restartPolicy: Never\\n      "
           }
          }
         ]
        }
       ]
      }
     ]
    }
   ],
   "properties": {
    "kubernetes": "1.37"
   }
  }
 ]
}
""")
    assert look("github") == snapshot("""\
::error file=jobs/stream.yaml,line=12,endLine=12,col=5,endColumn=9,title=JL101 restart-policy-required::Job shop/pi: The API server rejects this Job: spec.template.spec.restartPolicy is required: "OnFailure" or "Never".%0A%0ArestartPolicy: Never      # each attempt is a new Pod; the logs of all attempts are kept%0ArestartPolicy: OnFailure  # or: restarts the container; at backoffLimit the Pod and its logs are deleted
2 Jobs checked in 1 file: 1 error.  Not checked: 1 object of another kind.
""")
    assert look("gitlab") == snapshot("""\
[
 {
  "description": "Job shop/pi: The API server rejects this Job: spec.template.spec.restartPolicy is required: \\"OnFailure\\" or \\"Never\\".",
  "check_name": "JL101 restart-policy-required",
  "fingerprint": "…",
  "severity": "critical",
  "location": {
   "path": "jobs/stream.yaml",
   "lines": {
    "begin": 12,
    "end": 12
   }
  }
 }
]
""")
    assert look("junit") == snapshot("""\
<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="joblint" tests="3" failures="1" errors="0" skipped="1">
 <testsuite name="jobs/stream.yaml" tests="3" failures="1" errors="0" skipped="1">
  <testcase name="shop/pi" classname="Job" file="jobs/stream.yaml" line="3">
   <failure message="JL101 restart-policy-required: The API server rejects this Job: spec.template.spec.restartPolicy is required: &quot;OnFailure&quot; or &quot;Never&quot;." type="error">jobs/stream.yaml:12:5: error: Job shop/pi: The API server rejects this Job: spec.template.spec.restartPolicy is required: &quot;OnFailure&quot; or &quot;Never&quot;. [JL101 restart-policy-required]
  restartPolicy: Never      # each attempt is a new Pod; the logs of all attempts are kept
  restartPolicy: OnFailure  # or: restarts the container; at backoffLimit the Pod and its logs are deleted</failure>
  </testcase>
  <testcase name="shop/zahlen" classname="Job" file="jobs/stream.yaml" line="17">
  </testcase>
  <testcase name="document 2" classname="skipped" file="jobs/stream.yaml">
   <skipped message="kind Service"/>
  </testcase>
 </testsuite>
</testsuites>
""")
    assert look("markdown") == snapshot("""\
## joblint

2 Jobs checked in 1 file: 1 error. Not checked: 1 object of another kind.

### `jobs/stream.yaml`

| line | object | severity | finding |
|---:|---|---|---|
| 12:5 | Job shop/pi | ❌ error | The API server rejects this Job: spec.template.spec.restartPolicy is required: "OnFailure" or "Never". [JL101](https://github.com/joblint/joblint/blob/main/docs/rules/JL101.md) |

<details>
<summary>JL101 restart-policy-required</summary>

A Pod template without restartPolicy defaults to Always, which a Job does not allow.

```yaml
restartPolicy: Never      # each attempt is a new Pod; the logs of all attempts are kept
restartPolicy: OnFailure  # or: restarts the container; at backoffLimit the Pod and its logs are deleted
```

</details>
""")
    assert look("rdjson") == snapshot("""\
{
 "source": {
  "name": "joblint",
  "url": "https://github.com/joblint/joblint"
 },
 "diagnostics": [
  {
   "message": "Job shop/pi: The API server rejects this Job: spec.template.spec.restartPolicy is required: \\"OnFailure\\" or \\"Never\\".",
   "location": {
    "path": "jobs/stream.yaml",
    "range": {
     "start": {
      "line": 12,
      "column": 5
     },
     "end": {
      "line": 12,
      "column": 9
     }
    }
   },
   "severity": "ERROR",
   "code": {
    "value": "JL101",
    "url": "https://github.com/joblint/joblint/blob/main/docs/rules/JL101.md"
   },
   "suggestions": [
    {
     "range": {
      "start": {
       "line": 13,
       "column": 7
      },
      "end": {
       "line": 13,
       "column": 7
      }
     },
     "text": "restartPolicy: Never\\n      "
    }
   ]
  }
 ]
}
""")
    assert look("checkstyle") == snapshot("""\
<?xml version="1.0" encoding="UTF-8"?>
<checkstyle version="4.3">
 <file name="jobs/stream.yaml">
  <error line="12" column="5" severity="error" message="Job shop/pi: The API server rejects this Job: spec.template.spec.restartPolicy is required: &quot;OnFailure&quot; or &quot;Never&quot;." source="joblint.JL101.restart-policy-required"/>
 </file>
</checkstyle>
""")
