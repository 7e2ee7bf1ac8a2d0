/// The operator's command line: commands over the REST API, and nothing else of Heddle on the class
/// path.
///
/// [io.heddle.cli.Main] parses, [io.heddle.cli.Api] speaks HTTP, [io.heddle.cli.ResourceKind] says
/// how each kind of resource is named and shown. A command builds a body, sends it and shows the
/// answer. It starts in a moment, so it loads little: no logging, no dependency injection, JSON as
/// trees. Exit codes are in [io.heddle.cli.ExitCode]. [io.heddle.cli.Pki] alone asks no controller.
@NullMarked
package io.heddle.cli;

import org.jspecify.annotations.NullMarked;
