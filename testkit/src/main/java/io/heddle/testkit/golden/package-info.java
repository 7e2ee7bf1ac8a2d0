/// Tests that read like a transcript: files of inputs, each with the output expected of it.
///
/// [io.heddle.testkit.golden.Golden] makes a dynamic test of each file;
/// [io.heddle.testkit.golden.Transcript] is a file's form. After a change that is meant,
/// `-Dgolden.update` writes the new outputs into the files, and the diff is what gets reviewed.
@NullMarked
package io.heddle.testkit.golden;

import org.jspecify.annotations.NullMarked;
