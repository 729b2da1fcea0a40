//! Random graphs.

use crate::graphs::graph::{
    Component, Ending, Event, Failure, Gate, Graph, Loading, SharedWork, Step,
};
use crate::graphs::html::Context;
use crate::random::Random;

const MAX_DEPTH: usize = 6;
const MAX_BOUNDARIES: usize = 50;

/// The graph of a seed.
pub fn graph(seed: u64) -> Graph {
    let mut generator = Generator {
        random: Random::new(seed),
        gates: 0,
        shared: 0,
        has_head: false,
        components: Vec::new(),
    };
    generator.has_head = generator.random.chance(75);
    let shared = generator.shared_work();
    generator.components();
    generator.steps();
    generator.error_views();
    let events = generator.events();
    let random = &mut generator.random;
    Graph {
        seed,
        shared,
        gates: generator.gates,
        has_head: generator.has_head,
        unclosed: random.chance(20),
        grace: random.chance(15),
        bridge_threshold: if random.chance(25) {
            random.below(6)
        } else {
            500
        },
        events,
        components: generator.components.into_iter().map(|(c, _)| c).collect(),
    }
}

struct Generator {
    random: Random,
    gates: Gate,
    shared: usize,
    has_head: bool,
    /// Each with its parent and depth.
    components: Vec<(Component, (usize, usize))>,
}

impl Generator {
    fn shared_work(&mut self) -> Vec<SharedWork> {
        self.shared = self.random.below(6);
        (0..self.shared)
            .map(|number| SharedWork {
                gate: self.random.chance(70).then(|| self.gate()),
                needs: (number > 0 && self.random.chance(30)).then(|| self.random.below(number)),
                value: format!("shared {number}"),
                ending: self.ending(25, self.has_head),
            })
            .collect()
    }

    fn components(&mut self) {
        let count = match self.random.below(10) {
            0 => MAX_BOUNDARIES,
            1 | 2 => 1 + self.random.below(MAX_BOUNDARIES),
            _ => 1 + self.random.below(10),
        };
        let page = self.component(Context::Flow, true);
        self.components.push((page, (0, 0)));
        while self.components.len() <= count {
            let last = self.components.len() - 1;
            // Often below the last one, or nothing would ever get deep.
            let parent = match self.random.chance(45) {
                true => last,
                false => self.random.below(last + 1),
            };
            let (component, (_, depth)) = &self.components[parent];
            if *depth < MAX_DEPTH {
                let (depth, inside) = (depth + 1, component.context.inside());
                let context = *self.random.pick(inside);
                let component = self.component(context, false);
                self.components.push((component, (parent, depth)));
            }
        }
    }

    fn component(&mut self, context: Context, is_page: bool) -> Component {
        let holds_head = self.has_head || context.holds_meta();
        let percent = if is_page { 0 } else { 22 };
        let ending = self.ending(percent, holds_head);
        Component {
            context,
            steps: Vec::new(),
            ending,
            loading: *self
                .random
                .pick(&[Loading::Nothing, Loading::Made, Loading::Lazy]),
            has_error_view: !is_page && self.random.chance(40),
            deadline: match ending {
                Ending::Fails(Failure::Timeout) => {
                    Some(1 + self.random.below(20) as u64).filter(|_| self.random.chance(80))
                }
                _ => Some(900).filter(|_| self.random.chance(20)),
            },
            spawn: !is_page && self.random.chance(15),
            eager: self.random.chance(30),
        }
    }

    fn ending(&mut self, percent_of_failures: usize, holds_head: bool) -> Ending {
        use Failure::{Error, NotFound, Panic, Redirect, Timeout};
        if !self.random.chance(percent_of_failures) {
            return Ending::Content;
        }
        Ending::Fails(if holds_head {
            *self
                .random
                .pick(&[Error, Panic, Timeout, NotFound, Redirect])
        } else {
            *self.random.pick(&[Error, Panic, Timeout])
        })
    }

    fn steps(&mut self) {
        for id in 0..self.components.len() {
            let mut steps = vec![self.text()];
            for _ in 0..self.random.below(4) {
                let step = self.step(id);
                steps.push(step);
            }
            self.random.shuffle(&mut steps);
            let component = &mut self.components[id].0;
            if steps.iter().any(|step| matches!(step, Step::Await(_))) {
                // Which comes first, the deadline or the failure of shared work, must not be a
                // matter of order.
                component.deadline = None;
            }
            component.steps = steps;
        }
        // Those last in a list come first, so that each is put in a random place of its parent.
        for id in (1..self.components.len()).rev() {
            let parent = self.components[id].1.0;
            let step = match self.random.chance(6) {
                true => Step::Stray(id),
                false => Step::Place(id),
            };
            let steps = &mut self.components[parent].0.steps;
            let at = self.random.below(steps.len() + 1);
            steps.insert(at, step);
        }
    }

    fn step(&mut self, id: usize) -> Step {
        let is_page = id == 0;
        let holds_head = self.has_head || self.components[id].0.context.holds_meta();
        match self.random.below(12) {
            0..=4 => Step::Wait(self.gate()),
            5 | 6 if self.shared > 0 && !is_page => Step::Await(self.random.below(self.shared)),
            7 if self.shared > 0 => Step::Touch(self.random.below(self.shared)),
            8 if holds_head && !is_page => Step::Head {
                title: self.random.chance(60).then(|| format!("title {id}")),
                meta: self.random.chance(60).then(|| format!("meta-{id}")),
            },
            9 => Step::Sleep(self.random.below(4) as u64),
            _ => self.text(),
        }
    }

    fn text(&mut self) -> Step {
        const PIECES: [&str; 8] = [
            "water ", "a < b ", "é&ü ", "\"x\" ", "川", "<?end>", "\n", "-->",
        ];
        let most = match self.random.below(40) {
            0 => 600,
            1..=4 => 60,
            _ => 6,
        };
        let pieces = self.random.below(most + 1);
        Step::Text((0..pieces).map(|_| *self.random.pick(&PIECES)).collect())
    }

    fn gate(&mut self) -> Gate {
        // Some wait at the same gate, so that they are ready together.
        if self.gates > 0 && self.random.chance(20) {
            return self.random.below(self.gates);
        }
        self.gates += 1;
        self.gates - 1
    }

    /// A view that a boundary inherits must be legal in its place; where it is not, the boundary
    /// gets one of its own.
    fn error_views(&mut self) {
        let mut inherited: Vec<Option<Context>> = vec![None];
        for id in 1..self.components.len() {
            let parent = self.components[id].1.0;
            let component = &mut self.components[id].0;
            let context = component.context;
            if inherited[parent].unwrap_or(Context::Flow) != context {
                component.has_error_view = true;
            }
            let own = component.has_error_view.then_some(context);
            inherited.push(own.or(inherited[parent]));
        }
    }

    fn events(&mut self) -> Vec<Event> {
        let mut events: Vec<Event> = (0..self.gates).map(Event::Open).collect();
        let others = self.random.below(self.gates + 4);
        let read = 20 + self.random.below(60);
        for _ in 0..others {
            events.push(match self.random.below(100) {
                n if n < read => Event::Read(1 + self.random.below(3)),
                n if n % 2 == 0 => Event::Yield,
                _ => Event::Tick(self.random.below(3000) as u64),
            });
        }
        self.random.shuffle(&mut events);
        events
    }
}
