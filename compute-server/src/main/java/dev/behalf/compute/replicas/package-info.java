/** The capacity that this process reports to web-app, which dispatches jobs to it. */
@NullMarked
package dev.behalf.compute.replicas;

import org.jspecify.annotations.NullMarked;
