"""From a one-pixel skeleton to continuous pen paths."""

from itertools import combinations

import networkx
import numpy as np

SPUR = 1.3  # a branch shorter than this many stroke radii is an artefact of the skeleton, not ink
CROSSING = 2.0  # junctions nearer to each other than this many stroke radii are one crossing
LARGEST_TURN = np.radians(75)  # a pen that turns more than this at a junction has been lifted


def pen_paths(skeleton, radius):
    """bool [height, width] and the distance to the ink's edge → list of (path of (row, column), whether it is closed)."""
    graph = branches(pixel_graph(skeleton), radius)
    while merge_crossing(graph) or prune_spur(graph) or join_through(graph):
        pass
    return follow(graph)


def pixel_graph(skeleton):
    """Every skeleton pixel joined to its neighbours; a diagonal counts only where no straight way round exists."""
    on = {(int(r), int(c)) for r, c in np.argwhere(skeleton)}
    graph = networkx.Graph()
    graph.add_nodes_from(on)
    for r, c in on:
        graph.add_edges_from(((r, c), n) for n in [(r, c + 1), (r + 1, c)] if n in on)
        for dc in (-1, 1):
            if (r + 1, c + dc) in on and (r, c + dc) not in on and (r + 1, c) not in on:
                graph.add_edge((r, c), (r + 1, c + dc))
    return graph


def branches(pixels, radius):
    """The pixel graph with every chain of pixels as one edge (`path`); nodes carry the stroke's `radius` there."""
    graph = networkx.MultiGraph()
    ends = {p for p, degree in pixels.degree if degree != 2}
    for ring in networkx.connected_components(pixels):
        if not ring & ends:
            ends.add(min(ring))
    for end in ends:
        graph.add_node(end, radius=float(radius[end]))
    walked = set()
    for end in ends:
        for step in pixels[end]:
            if (end, step) in walked:
                continue
            path = [end, step]
            while path[-1] not in ends:
                path.append(next(n for n in pixels[path[-1]] if n != path[-2]))
            walked |= {(end, step), (path[-1], path[-2])}
            graph.add_edge(end, path[-1], path=path)
    return graph


def length(path):
    return float(np.hypot(*np.diff(np.asarray(path, float), axis=0).T).sum()) if len(path) > 1 else 0.0


def oriented(path, start):
    return path if path[0] == start else path[::-1]


def merge_crossing(graph):
    """Contracts one short edge between two junctions; the branches are lengthened to the junction that stays."""
    for a, b, key, path in graph.edges(keys=True, data="path"):
        near = CROSSING * min(graph.nodes[a]["radius"], graph.nodes[b]["radius"])
        if a == b or graph.degree(a) < 3 or graph.degree(b) < 3 or length(path) > near:
            continue
        bridge = oriented(path, a)
        graph.remove_edge(a, b, key)
        for _, other, k, branch in list(graph.edges(b, keys=True, data="path")):
            graph.remove_edge(b, other, k)
            if other == b:
                graph.add_edge(a, a, path=bridge[:-1] + branch + bridge[-2::-1])
            else:
                graph.add_edge(a, other, path=bridge[:-1] + oriented(branch, b))
        graph.remove_node(b)
        return True
    return False


def prune_spur(graph):
    """Removes the shortest dead end that is no longer than the stroke is wide."""
    spurs = []
    for a, b, key, path in graph.edges(keys=True, data="path"):
        leaf, root = (a, b) if graph.degree(a) == 1 else (b, a)
        if graph.degree(leaf) == 1 and graph.degree(root) >= 3 and length(path) < SPUR * graph.nodes[root]["radius"]:
            spurs.append((length(path), leaf))
    if spurs:
        graph.remove_node(min(spurs)[1])
    return bool(spurs)


def join_through(graph):
    """Dissolves a node that only two different branches meet in."""
    for node in graph:
        edges = list(graph.edges(node, keys=True, data="path"))
        if graph.degree(node) != 2 or len(edges) != 2:
            continue
        (_, a, _, first), (_, b, _, second) = edges
        joined = oriented(first, node)[::-1] + oriented(second, node)[1:]
        graph.remove_node(node)
        graph.add_edge(a, b, path=joined)
        return True
    return False


def heading(path, reach):
    """The unit vector in which a branch leaves its first pixel, measured beyond the junction's own blot."""
    points = np.asarray(path, float)
    near, far = points[min(int(0.5 * reach), len(points) - 1)], points[min(int(2 * reach) + 4, len(points) - 1)]
    way = far - near if (far != near).any() else far - points[0]
    return way / max(np.hypot(*way), 1e-9)


def continuations(graph):
    """Branch end → the branch end in which the pen goes on; an end is (edge id, 0 or 1)."""
    partner = {}
    for node, data in graph.nodes(data=True):
        ends = []
        for a, b, key, path in graph.edges(node, keys=True, data="path"):
            edge = (*sorted((a, b)), key)
            if path[0] == node:
                ends.append(((edge, 0), heading(path, data["radius"])))
            if path[-1] == node:
                ends.append(((edge, 1), heading(path[::-1], data["radius"])))
        turns = sorted(
            (float(np.pi - np.arccos(np.clip(u @ v, -1, 1))), p, q) for (p, u), (q, v) in combinations(ends, 2)
        )
        single_ring = graph.degree(node) == 2
        for turn, p, q in turns:
            if p not in partner and q not in partner and (turn < LARGEST_TURN or single_ring):
                partner[p], partner[q] = q, p
    return partner


def follow(graph):
    partner = continuations(graph)
    paths = {(*sorted((a, b)), key): path for a, b, key, path in graph.edges(keys=True, data="path")}
    free = [(edge, end) for edge in paths for end in (0, 1) if (edge, end) not in partner]
    drawn, strokes = set(), [([node], False) for node in graph if graph.degree(node) == 0]
    for start in free + [(edge, 0) for edge in paths]:
        if start[0] in drawn:
            continue
        at, stroke = start, []
        while at and at[0] not in drawn:
            edge, end = at
            drawn.add(edge)
            piece = paths[edge] if end == 0 else paths[edge][::-1]
            stroke += piece[1:] if stroke else piece
            at = partner.get((edge, 1 - end))
        closed = start in partner and stroke[0] == stroke[-1]
        strokes.append((stroke[:-1] if closed else stroke, closed))
    return strokes
