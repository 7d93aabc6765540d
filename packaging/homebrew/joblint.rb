# The formula of a tap. tools/build_release.py fills in the version and the checksum of the sdist;
# `brew update-python-resources joblint` then writes the resources.
class Joblint < Formula
  include Language::Python::Virtualenv

  desc "Lint Kubernetes Jobs and CronJobs, and tell what they will do"
  homepage "https://github.com/joblint/joblint"
  url "https://github.com/joblint/joblint/releases/download/v{{version}}/joblint-{{version}}.tar.gz"
  sha256 "{{sha256}}"
  license "Apache-2.0"

  depends_on "python@3.13"
  depends_on "rpds-py" => :no_linkage # for jsonschema; from source it would need Rust

  pypi_packages exclude_packages: "rpds-py"

  def install
    virtualenv_install_with_resources
    generate_completions_from_executable(bin/"joblint", "completion", shells: [:bash, :zsh, :fish])
  end

  test do
    (testpath/"job.yaml").write <<~YAML
      apiVersion: batch/v1
      kind: Job
      metadata: {name: pi}
      spec: {template: {spec: {containers: [{name: pi, image: "perl:5.34.0"}]}}}
    YAML
    assert_match "restartPolicy", shell_output("#{bin}/joblint check job.yaml", 1)
  end
end
