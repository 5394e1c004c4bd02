/** One job: asked for, computed once, saved with its charge. */
@NullMarked
package dev.behalf.compute.jobs;

import org.jspecify.annotations.NullMarked;
