#!/usr/bin/env python3
"""Compares the deadlock rule of docs/model.md with the truth, by visiting every reachable state of small networks.

A state says how far each train is along its route: outside, at a place, or gone. A train moves on when the next place
has a free track; the last move leaves the network. A state is safe when some order of moves lets every train leave.
Networks: lines, trees, rings, terminals with and without limits, and random ones, every train fitting every track.
Prints the states visited and how often the rule and the truth differ; exits with 1 if they ever do where they must not.
Needs nothing but Python; takes about two minutes.
"""

import random
import sys

UNLIMITED = None


def occupants(routes, state):
    """Place -> the next place of each train that stands there (None: it leaves)."""
    found = {}
    for route, at in zip(routes, state):
        if 0 <= at < len(route):
            found.setdefault(route[at], []).append(route[at + 1] if at + 1 < len(route) else None)
    return found


def rule_says_safe(tracks, routes, state):
    next_places = occupants(routes, state)
    full = {place for place, nexts in next_places.items()
            if tracks[place] is not UNLIMITED and len(nexts) >= tracks[place]}
    while full:
        freed = {place for place in full if any(onward not in full for onward in next_places[place])}
        if not freed:
            return False
        full -= freed
    return True


def moves(tracks, routes, state):
    taken = occupants(routes, state)
    for train, (route, at) in enumerate(zip(routes, state)):
        if at == len(route):
            continue
        if at + 1 < len(route):
            limit = tracks[route[at + 1]]
            if limit is not UNLIMITED and len(taken.get(route[at + 1], ())) >= limit:
                continue
        yield state[:train] + (at + 1,) + state[train + 1:]


def compare(tracks, routes):
    """(states, unsafe, false alarms, misses)"""
    start = tuple(-1 for _ in routes)
    reached, stack = {start}, [start]
    while stack:
        for after in moves(tracks, routes, stack.pop()):
            if after not in reached:
                reached.add(after)
                stack.append(after)
    gone = tuple(len(route) for route in routes)
    safe = {}
    unsafe = alarms = misses = 0
    for state in sorted(reached, key=sum, reverse=True):  # every move adds one, so what follows a state comes first
        safe[state] = state == gone or any(safe[after] for after in moves(tracks, routes, state))
        ruled = rule_says_safe(tracks, routes, state)
        unsafe += not safe[state]
        alarms += safe[state] and not ruled
        misses += ruled and not safe[state]
    return len(reached), unsafe, alarms, misses


def line(sidings, east, west, ends=(UNLIMITED, UNLIMITED)):
    tracks = [ends[0], *sidings, ends[1]]
    there = list(range(len(tracks)))
    return tracks, [there] * east + [there[::-1]] * west


def star(junction):
    """Three terminals, each behind a siding, round one junction; two trains each way round."""
    def route(a, b):
        return [a, 3 + a, 6, 3 + b, b]
    return [UNLIMITED] * 3 + [2] * 3 + [junction], [route(0, 1), route(1, 2), route(2, 0)] * 2


def ring(size):
    routes = [[(start + step) % size for step in range(3)] for start in range(size)]
    routes += [[(start - step) % size for step in range(3)] for start in range(3)]
    return [2] * size, routes


def random_network(source):
    size = source.randint(3, 6)
    neighbours = [set() for _ in range(size)]
    edges = [(place, source.randrange(place)) for place in range(1, size)]
    if source.random() < 0.4:
        edges.append(tuple(source.sample(range(size), 2)))
    for a, b in edges:
        neighbours[a].add(b)
        neighbours[b].add(a)
    routes = []
    for _ in range(source.randint(3, 6)):
        route = [source.randrange(size)]
        while True:
            onward = sorted(neighbours[route[-1]] - set(route))
            if not onward or (len(route) > 1 and source.random() < 0.15):
                break
            route.append(source.choice(onward))
        if len(route) > 1:
            routes.append(route)
    return [source.choice([2, 2, 3, UNLIMITED]) for _ in range(size)], routes


def main():
    exact = [
        ("line 2", line([2], 4, 4)),
        ("line 2,2", line([2, 2], 4, 4)),
        ("line 2,3", line([2, 3], 4, 4)),
        ("line 2,2,2", line([2, 2, 2], 3, 3)),
        ("line 3,2,3", line([3, 2, 3], 3, 3)),
        ("line 2,2,2,2", line([2, 2, 2, 2], 3, 3)),
        ("line 2,2 between terminals of 2", line([2, 2], 3, 3, (2, 2))),
        ("line 2 with one terminal of 2", line([2], 3, 3, (UNLIMITED, 2))),
        ("star, junction of 2", star(2)),
        ("star, junction of 3", star(3)),
        ("ring of 3", ring(3)),
        ("ring of 4", ring(4)),
        ("ring of 5", ring(5)),
    ]
    source = random.Random(1)
    networks = exact + [(f"random {number}", random_network(source)) for number in range(1, 301)]
    total = [0, 0, 0, 0]
    for name, network in networks:
        result = compare(*network)
        total = [a + b for a, b in zip(total, result)]
        if not name.startswith("random") or result[2] or result[3]:
            print(f"{name:32} states {result[0]:8}  unsafe {result[1]:6}  false alarms {result[2]}  misses {result[3]}")
    print(f"{'all of these':32} states {total[0]:8}  unsafe {total[1]:6}  false alarms {total[2]}  misses {total[3]}")
    print("With one-track places counted as places, which Bering does not do, the rule misses deadlocks:")
    for name, network in [("line 2,1,2", line([2, 1, 2], 3, 3)), ("line 2,1,1,2", line([2, 1, 1, 2], 2, 2))]:
        result = compare(*network)
        print(f"{name:32} states {result[0]:8}  unsafe {result[1]:6}  false alarms {result[2]}  misses {result[3]}")
    return 1 if total[2] or total[3] else 0


if __name__ == "__main__":
    sys.exit(main())
