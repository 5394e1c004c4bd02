/** web-app: where people click, and where the truth about every job is kept. */
@NullMarked
package dev.behalf.web;

import org.jspecify.annotations.NullMarked;
