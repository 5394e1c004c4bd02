/**
 * A job as its owner sees it: asked for, stored, listed, cancelled, done again; its pages and its
 * API.
 */
@NullMarked
package dev.behalf.web.work.jobs;

import org.jspecify.annotations.NullMarked;
